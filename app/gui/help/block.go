package help

import (
	"regexp"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"
)

// blocks are the paragraphs of a page.
func blocks(markdown string) []string { return strings.Split(strings.TrimSpace(markdown), "\n\n") }

var (
	// picture is a block that is a picture: ![what it shows](file.png).
	picture = regexp.MustCompile(`^!\[[^\]]*\]\(([a-z0-9-]+\.png)\)$`)
	// link leads to another page: [its title](name).
	link = regexp.MustCompile(`\[([^\]]+)\]\(([a-z-]+)\)`)
)

// block is a paragraph, with the links in it below, or a picture.
func (v *Viewer) block(markdown string) fyne.CanvasObject {
	if name := picture.FindStringSubmatch(markdown); name != nil {
		if p := shown(v.frame, name[1], ""); p != nil {
			p.SetMinSize(fyne.NewSize(300, pictureHeight))
			return p
		}
	}
	links := link.FindAllStringSubmatch(markdown, -1)
	if len(links) == 0 {
		return text(markdown)
	}
	all := container.New(layout.NewCustomPaddedVBoxLayout(blockGap))
	if said := withoutLinks(markdown); said != "" {
		all.Add(text(said))
	}
	for _, l := range links {
		all.Add(v.link(l[1], l[2]))
	}
	return all
}

// withoutLinks is a paragraph in which links are words like others; of a list of
// links only what introduces it.
func withoutLinks(markdown string) string {
	rest := strings.Trim(link.ReplaceAllString(markdown, ""), "-,. \n")
	if rest == "" || strings.HasSuffix(rest, ":") {
		return rest
	}
	return link.ReplaceAllString(markdown, "*$1*")
}

// text is Markdown without links.
func text(markdown string) fyne.CanvasObject {
	t := widget.NewRichTextFromMarkdown(strings.ReplaceAll(markdown, "`", "**")) // commands are bold: the monospaced face lacks Vietnamese letters
	t.Wrapping = fyne.TextWrapWord
	return t
}

// link is a line of its own: the toolkit does not break lines before links, so one
// among other words would go beyond the page's edge.
func (v *Viewer) link(title, page string) fyne.CanvasObject {
	return widget.NewRichText(&widget.HyperlinkSegment{Text: "→ " + title, OnTapped: func() { v.follow(page) }})
}
