package setup

import (
	"bytes"
	"context"
	"image"
	_ "image/jpeg" // pictures are PNG or JPEG
	_ "image/png"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"

	"antin/app/gui/frame"
	"antin/app/gui/truesize"
	"antin/signer/cms"
	"antin/signer/report"
	"antin/signer/settings"
	"antin/signer/token"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
	"golang.org/x/image/draw"
)

// pictures is the section with a card for every certificate at hand.
func (s *Screen) pictures() fyne.CanvasObject {
	box := container.NewVBox(s.heading(s.Text("settings.pictures"), s.Text("settings.pictures-hint")))
	signers := s.Tokens.State().Signers()
	if len(signers) == 0 {
		box.Add(plain(s.Text("settings.no-certificate")))
	}
	for _, c := range signers {
		box.Add(frame.NewPart(s.card(c)))
	}
	return box
}

// card is what belongs to one certificate.
func (s *Screen) card(c token.Candidate) fyne.CanvasObject {
	sha, name := c.Certificate.SHA256(), cms.DisplayName(c.Certificate.X509)
	sheet := container.NewStack()
	update := func(change func(*settings.Certificate)) {
		of := s.certificate(sha)
		of.Name = name
		change(&of)
		s.setCertificate(sha, of)
	}
	kinds := []string{string(report.Person), string(report.Organisation)}
	whose := s.NewSelect([]string{s.Text("settings.person"), s.Text("settings.organisation")}, nil)
	guess := report.Guess(c.Certificate.X509)
	if i := slices.Index(kinds, string(guess)); i >= 0 {
		whose.PlaceHolder = s.Text("settings.whose-guess", whose.Options[i])
	}
	now := func() settings.Certificate { // as the program goes by it until the user says whose it is
		of := s.certificate(sha)
		if of.Whose == "" {
			of.Whose = string(guess)
		}
		return of
	}
	show := func() { s.preview(sheet, now()) }
	sizes := container.NewStack()
	size := func(label, hint string, value float64, set func(*settings.Certificate, float64)) fyne.CanvasObject {
		text := ""
		if value != 0 {
			text = s.Words.Number(value)
		}
		return s.field(label, hint, text, func(v string) error {
			mm, err := millimetres(v)
			if err != nil {
				return err
			}
			update(func(of *settings.Certificate) { set(of, mm) })
			show()
			return nil
		})
	}
	fill := func() {
		of := now()
		if of.Whose == string(report.Organisation) {
			sizes.Objects = []fyne.CanvasObject{size(s.Text("settings.diameter"), s.Text("settings.diameter-hint"), of.Diameter, func(c *settings.Certificate, v float64) { c.Diameter = v })}
		} else {
			sizes.Objects = []fyne.CanvasObject{container.NewGridWithColumns(
				2,
				size(s.Text("settings.width"), s.Text("settings.size-hint"), of.Width, func(c *settings.Certificate, v float64) { c.Width = v }),
				size(s.Text("settings.height"), s.Text("settings.size-hint"), of.Height, func(c *settings.Certificate, v float64) { c.Height = v }),
			)}
		}
		sizes.Refresh()
		show()
	}
	if i := slices.Index(kinds, s.certificate(sha).Whose); i >= 0 {
		whose.SetSelectedIndex(i)
	}
	whose.OnChanged = func(string) {
		update(func(of *settings.Certificate) { of.Whose = kinds[whose.SelectedIndex()] })
		s.save()
		fill()
	}
	file := plain(s.certificate(sha).Picture)
	choose := s.NewButton(s.Text("settings.choose-picture"), func() {
		s.Choose(s.Text("settings.choose-picture"), []string{".png", ".jpg", ".jpeg"}, false, func(paths []string) {
			update(func(of *settings.Certificate) { of.Picture = paths[0] })
			s.save()
			file.SetText(paths[0])
			show()
		})
	})
	fill()
	left := container.NewVBox(bold(s.Text("settings.whose")), whose, bold(s.Text("settings.picture")), container.NewBorder(nil, nil, choose, nil, file), sizes)
	return widget.NewCard(name, "", container.NewGridWithColumns(2, left, sheet))
}

// millimetres reads a length with a comma or a point; nothing is zero.
func millimetres(text string) (float64, error) {
	text = strings.Replace(strings.TrimSpace(text), ",", ".", 1)
	if text == "" {
		return 0, nil
	}
	v, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return 0, &settings.ValueError{Field: "mm", Value: text}
	}
	return v, nil
}

// preview shows the picture in its true size on white paper. It is brought to the
// screen's pixels beside the user interface: the toolkit would do that while it
// paints.
func (s *Screen) preview(sheet *fyne.Container, c settings.Certificate) {
	if c.Picture == "" {
		sheet.Objects = []fyne.CanvasObject{dim(s.Text("settings.no-picture"))}
		sheet.Refresh()
		return
	}
	density := float64(s.Window.Canvas().Scale())
	perMillimetre := truesize.UnitsPerMM(s.Frame, density)
	var w, h float64
	var shown *image.RGBA
	s.Run(func(context.Context) error {
		b, err := os.ReadFile(c.Picture)
		if err != nil {
			return err
		}
		picture, _, err := image.Decode(bytes.NewReader(b))
		if err != nil {
			return err
		}
		w, h = trueSize(c, picture.Bounds())
		pixels := func(mm float64, most int) int { return max(1, min(int(math.Round(mm*perMillimetre*density)), most)) }
		shown = image.NewRGBA(image.Rect(0, 0, pixels(w, picture.Bounds().Dx()), pixels(h, picture.Bounds().Dy())))
		draw.CatmullRom.Scale(shown, shown.Bounds(), picture, picture.Bounds(), draw.Src, nil)
		return nil
	}, func(err error) {
		if err != nil {
			sheet.Objects = []fyne.CanvasObject{frame.ProblemPanel(s.Words, s.Words.Explain(err))}
			sheet.Refresh()
			return
		}
		img := canvas.NewImageFromImage(shown)
		img.ScaleMode = canvas.ImageScaleFastest
		img.FillMode = canvas.ImageFillContain
		img.SetMinSize(fyne.NewSize(float32(w*perMillimetre), float32(h*perMillimetre)))
		paper := canvas.NewRectangle(image.White)
		paper.CornerRadius = 4
		sheet.Objects = []fyne.CanvasObject{container.NewVBox(
			container.NewStack(paper, container.NewPadded(container.NewCenter(img))),
			dim(s.Text("settings.true-size", s.Words.Number(w), s.Words.Number(h))),
		)}
		sheet.Refresh()
	})
}

// usualWidth is how wide a signature is shown that is fitted to the document, mm.
const usualWidth = 45

// trueSize is the size of the picture on the page, in mm.
func trueSize(c settings.Certificate, b image.Rectangle) (w, h float64) {
	ratio := float64(b.Dy()) / float64(max(b.Dx(), 1))
	switch {
	case c.Whose == string(report.Organisation) && c.Diameter > 0:
		return c.Diameter, c.Diameter
	case c.Width > 0 && c.Height > 0: // fitted in, as on the page
		return min(c.Width, c.Height/ratio), min(c.Height, c.Width*ratio)
	case c.Width > 0:
		return c.Width, c.Width * ratio
	case c.Height > 0:
		return c.Height / ratio, c.Height
	}
	return usualWidth, usualWidth * ratio
}
