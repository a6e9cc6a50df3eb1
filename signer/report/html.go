package report

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"sync"

	"antin/assets"
)

// page is the template of the HTML record. Everything that comes from a
// document passes through html/template's escaping.
var page = sync.OnceValues(func() (*template.Template, error) {
	return template.New("report").Funcs(template.FuncMap{
		"text": text,
		"itoa": itoa,
		"size": func(n int64) string { return text("record.bytes", "count", grouped(n)) },
		"at":   moment,
		"made": func(m *Model) string { return text("record.at", "clock", clock(m.Made), "day", day(m.Made)) },
		"nth":  func(i int) string { return text("record.nth", "number", itoa(i+1)) },
	}).Parse(string(assets.Report("report.html")))
})

// HTML writes the record as one page without scripts, links or anything else
// that is loaded from elsewhere. Its content security policy allows the one
// style sheet in it, by its digest, and nothing more.
func (m *Model) HTML(w io.Writer) error {
	t, err := page()
	if err != nil {
		return fmt.Errorf("report: %w", err)
	}
	css := string(assets.Report("report.css"))
	sum := sha256.Sum256([]byte(css))
	policy := `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; base-uri 'none'; form-action 'none'; style-src 'sha256-` +
		base64.StdEncoding.EncodeToString(sum[:]) + `'">`
	return t.Execute(w, map[string]any{
		"Model":  m,
		"Policy": template.HTML(policy), // our own text
		"Style":  template.HTML("<style>" + css + "</style>"),
	})
}
