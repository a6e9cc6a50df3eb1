package assets

import (
	"embed"
	"fmt"
)

//go:embed toolkit/*.json
var toolkitJSON embed.FS

// Toolkit are the texts of Fyne's own widgets in a language, "vi" or "en", in the
// form that its package lang reads.
func Toolkit(language string) []byte {
	b, err := toolkitJSON.ReadFile("toolkit/" + language + ".json")
	if err != nil {
		panic(fmt.Sprintf("assets: no texts for widgets in language %q", language)) // a mistake of the caller
	}
	return b
}
