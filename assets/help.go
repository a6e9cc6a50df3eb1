package assets

import (
	"embed"
	"encoding/json"
	"io/fs"
	"sync"
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

// Picture is a picture of the program in a language for its help, with its file
// name.
func Picture(language, name string) (png []byte, ok bool) {
	b, err := fs.ReadFile(pictureFiles, "pictures/"+language+"/"+name)
	return b, err == nil
}

// Place is where something stands in a picture: its edges, from the top left corner,
// as shares of the picture's width and height from 0 to 1.
type Place struct {
	Left   float64 `json:"left"`
	Top    float64 `json:"top"`
	Right  float64 `json:"right"`
	Bottom float64 `json:"bottom"`
}

// Places are where the parts of all pictures stand that texts speak of:
// language → file name of the picture → name of the part.
type Places map[string]map[string]map[string]Place

// PicturePlaces are written together with the pictures: make pictures.
var PicturePlaces = sync.OnceValue(func() Places {
	var all Places
	b, err := pictureFiles.ReadFile("pictures/places.json")
	if err == nil {
		err = json.Unmarshal(b, &all)
	}
	if err != nil {
		panic(err) // TestPictures would not pass
	}
	return all
})
