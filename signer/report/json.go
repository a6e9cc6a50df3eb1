package report

import (
	"encoding/json"
	"io"
)

// JSON writes the model as one indented object, described by
// assets/report/schema.json. Characters with a meaning in HTML are escaped, so
// that it may stand in a page.
func (m *Model) JSON(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(m)
}
