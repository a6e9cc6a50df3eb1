package pades

import (
	"fmt"
	"strings"

	"antin/signer/appearance"
	"antin/signer/pdffile"
)

// slotFont is the resource name of the font that viewers use when somebody
// types into an empty text field; values that are filled here are outlines.
const slotFont = "TiRo"

// newTextField makes an empty text field to be filled in a later revision.
// Strict validators accept a value in a field that existed before a signature,
// and reject a field that is added after it.
func (p *Plan) newTextField(t TextField) (pdffile.Ref, error) {
	if t.Name == "" || strings.Contains(t.Name, ".") {
		return pdffile.Ref{}, fmt.Errorf("%w: the name must not be empty or hold a dot", ErrValueField)
	}
	form, _ := p.file.AcroForm()
	for _, o := range p.file.Array(form["Fields"]) {
		if p.file.Text(p.file.Dict(o)["T"]) == t.Name {
			return pdffile.Ref{}, fmt.Errorf("%w: the document has a field of this name", ErrValueField)
		}
	}
	page, err := p.file.Page(t.Page)
	if err != nil {
		return pdffile.Ref{}, err
	}
	if err := onPage(page, t.Box); err != nil {
		return pdffile.Ref{}, err
	}
	ap, err := p.appearance(appearance.NewLook(t.Box.W, t.Box.H), page)
	if err != nil {
		return pdffile.Ref{}, err
	}
	size := t.Size
	if size <= 0 {
		size = 13
	}
	ref := p.update.Add(pdffile.Dict{
		"Type": pdffile.Name("Annot"), "Subtype": pdffile.Name("Widget"), "FT": pdffile.Name("Tx"),
		"T": pdffile.TextString(t.Name), "P": page.Ref, "F": 4, // Print
		"Rect": page.Rect(t.Box).Array(), "AP": ap,
		"DA": pdffile.String(fmt.Sprintf("/%s %g Tf 0 g", slotFont, page.Units(size/72*25.4))),
	})
	return ref, p.update.AddAnnotation(page, ref)
}

// formResources is the form's /DR with the font of the text fields in it; what
// is there stays (12.7.2).
func (p *Plan) formResources(form pdffile.Dict) pdffile.Dict {
	dr, fonts := pdffile.Dict{}, pdffile.Dict{}
	if old := p.file.Dict(form["DR"]); old != nil {
		dr = old.Clone()
	}
	if old := p.file.Dict(dr["Font"]); old != nil {
		fonts = old.Clone()
	}
	if fonts[slotFont] == nil {
		fonts[slotFont] = pdffile.Dict{
			"Type": pdffile.Name("Font"), "Subtype": pdffile.Name("Type1"),
			"BaseFont": pdffile.Name("Times-Roman"), "Encoding": pdffile.Name("WinAnsiEncoding"),
		}
	}
	dr["Font"] = fonts
	return dr
}

// fillText gives an existing, empty text field its value. The rectangle and
// everything else of the field stay as the earlier signatures know them.
func (p *Plan) fillText(v Value) error {
	fl, err := p.file.Field(v.Field)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrValueField, err)
	}
	if s, _ := p.file.Resolve(fl.Value); fl.Type != "Tx" || fl.Ref == (pdffile.Ref{}) || len(fl.Widgets) != 1 || s != nil && p.file.Text(s) != "" {
		return fmt.Errorf("%w: it is not an empty text field with one place", ErrValueField)
	}
	d := p.update.Dict(fl.Ref).Clone()
	d["V"] = pdffile.TextString(v.Text)
	if v.ReadOnly {
		d["Ff"] = fl.Flags | pdffile.ReadOnly
	}
	p.update.Set(fl.Ref, d)
	return p.setAppearance(fl.Widgets[0], v.Look, nil)
}
