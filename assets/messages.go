package assets

import (
	"embed"
	"encoding/json"
	"fmt"
	"maps"
	"strings"
)

//go:embed messages/*/*.json
var messagesJSON embed.FS

// Messages are all texts for people in one language.
type Messages struct {
	Texts    map[string]Text    `json:"texts"`    // by name, with the verbs of package fmt
	Problems map[string]Problem `json:"problems"` // by code, such as KS-110
}

// Problem is what a person reads when something went wrong.
type Problem struct {
	What   Text   `json:"what"`             // happened
	Why    Text   `json:"why,omitempty"`    // as far as it can be told
	Next   []Text `json:"next,omitempty"`   // what to do, one step an entry
	Window []Text `json:"window,omitempty"` // what to do in the window, where Next speaks of commands
}

// Text is one text; in the file it may be a list of lines.
type Text string

// UnmarshalJSON reads a string or a list of lines.
func (t *Text) UnmarshalJSON(b []byte) error {
	var lines []string
	if err := json.Unmarshal(b, &lines); err == nil {
		*t = Text(strings.Join(lines, "\n"))
		return nil
	}
	return json.Unmarshal(b, (*string)(t))
}

// MessagesIn reads the texts of a language, "vi" or "en": all files of its
// folder, each for one part of the program.
func MessagesIn(language string) Messages {
	folder := "messages/" + language
	entries, err := messagesJSON.ReadDir(folder)
	if err != nil {
		panic(fmt.Sprintf("assets: no messages in language %q", language)) // a mistake of the caller
	}
	all := Messages{map[string]Text{}, map[string]Problem{}}
	for _, e := range entries {
		name := folder + "/" + e.Name()
		b, err := messagesJSON.ReadFile(name)
		if err != nil {
			panic(err) // embedded
		}
		var m Messages
		if err := json.Unmarshal(b, &m); err != nil {
			panic(fmt.Sprintf("assets: %s: %v", name, err)) // our own file, see the tests of app/words
		}
		for text := range m.Texts {
			if _, twice := all.Texts[text]; twice {
				panic(fmt.Sprintf("assets: %s: %q stands in another file too", name, text))
			}
		}
		maps.Copy(all.Texts, m.Texts)
		maps.Copy(all.Problems, m.Problems)
	}
	return all
}
