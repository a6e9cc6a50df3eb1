// Package help is the help inside the program: pages by task with a list of
// contents, a search and a way back, and the tour that each role is shown once.
//
// Viewer.Open shows a page over the work, F1 leads to and fro between them. (A window
// of its own would have the graphics driver compile its programs once more where there
// is no graphics card, on the user interface's thread.) The pages are Markdown files in assets/help; the page of problem codes
// is made from the messages themselves, so that both say the same.
package help

import (
	"strings"

	"antin/app/words"
	"antin/assets"
)

// Page is one page of the help.
type Page struct {
	Name, Title string
	Text        string // Markdown
}

// Names of the pages in the order of the contents. Problems is made from the
// messages.
const (
	Home     = "home"
	Problems = "problems"
)

var order = []string{Home, "approve", "sign-several", "issue", "issue-several", "copy", "check", "token", "settings", "officer", "offline", Problems}

// Pages are all pages in the language, in the order of the contents.
func Pages(l words.Language) []Page {
	var out []Page
	for _, name := range order {
		text, ok := assets.HelpPage(string(l), name)
		if name == Problems {
			text, ok = problems(l), true
		}
		if !ok {
			continue // TestPages tells
		}
		title, _, _ := strings.Cut(strings.TrimPrefix(text, "# "), "\n")
		out = append(out, Page{name, title, text})
	}
	return out
}

// problems is the page of all codes.
func problems(l words.Language) string {
	var b strings.Builder
	b.WriteString("# " + l.Text("guide.problems") + "\n\n" + l.Text("guide.problems-intro") + "\n")
	for _, p := range l.Problems() {
		b.WriteString("\n## " + p.Code + "\n\n**" + p.What + "** " + p.Why + "\n\n")
		for _, step := range p.Window {
			b.WriteString("- " + step + "\n")
		}
	}
	return b.String()
}

// find are the pages that have all words of a question, those with it in the
// title first.
func find(pages []Page, question string) []Page {
	wanted := strings.Fields(strings.ToLower(question))
	var titles, texts []Page
	for _, p := range pages {
		switch {
		case hasAll(p.Title, wanted):
			titles = append(titles, p)
		case hasAll(p.Text, wanted):
			texts = append(texts, p)
		}
	}
	return append(titles, texts...)
}

func hasAll(text string, wanted []string) bool {
	text = strings.ToLower(text)
	for _, w := range wanted {
		if !strings.Contains(text, w) {
			return false
		}
	}
	return true
}
