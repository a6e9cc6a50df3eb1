package assets

import (
	"embed"
	"io/fs"
)

//go:embed help/*/*.md
var helpFiles embed.FS

//go:embed pictures
var pictureFiles embed.FS

// HelpPage is the Markdown text of a page of the help in a language, "vi" or
// "en". Links name other pages, pictures are those of Picture.
func HelpPage(language, name string) (text string, ok bool) {
	b, err := helpFiles.ReadFile("help/" + language + "/" + name + ".md")
	return string(b), err == nil
}

// Picture is a picture of the program for its help, with its file name.
func Picture(name string) (png []byte, ok bool) {
	b, err := fs.ReadFile(pictureFiles, "pictures/"+name)
	return b, err == nil
}
