package assets

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"sync"
)

//go:embed numbering/types.json
var documentTypes []byte

// DocumentTypes are the abbreviations that stand in the number of a document,
// such as QĐ, with the type that each means (tên loại).
type DocumentTypes struct {
	Article   string            `json:"article"`
	Certainty string            `json:"certainty"`
	Types     map[string]string `json:"types"`
}

var parseTypes = sync.OnceValue(func() map[string]DocumentTypes {
	var all map[string]DocumentTypes
	if err := json.Unmarshal(documentTypes, &all); err != nil {
		panic(fmt.Sprintf("assets: document types: %v", err)) // our own file, see TestDocumentTypes
	}
	return all
})

// TypesOf are the types of "administrative" documents, of the "party"'s, or of
// "copies". They are shared: do not change them.
func TypesOf(kind string) DocumentTypes { return parseTypes()[kind] }
