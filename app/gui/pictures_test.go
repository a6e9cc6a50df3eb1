package gui

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"antin/app/gui/frame"
	"antin/app/gui/look"
	"antin/app/words"
	"antin/assets"
	"antin/signer/practice"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"
)

// pictures is the folder for the pictures of help, tours and README; make pictures.
var pictures = flag.String("pictures", "", "folder for the pictures of the help")

// finder finds the part of a window that a text of the help speaks of.
type finder func(w *Window, o fyne.CanvasObject) bool

// shownParts are the pictures of the help with the parts that the tours point at.
var shownParts = []struct {
	file, screen string // the screen's name in screens
	parts        map[string]finder
}{
	{"trang-dau-lanh-dao.png", "home-leader", map[string]finder{"drop": dropZone}},
	{"lanh-dao.png", "approve", map[string]finder{"place": kind("*place.view"), "sign": mainButton}},
	{"da-ky.png", "approve-done", map[string]finder{"folder": labelled("run.folder")}},
	{"trang-dau-van-thu.png", "home-clerk", map[string]finder{"drop": dropZone, "works": labelled("role.clerk-copies")}},
	{"van-thu.png", "issue-several", map[string]finder{"number": fieldBeside("outgoing.first"), "stamp": mainButton}},
	{"sao-y.png", "certify", nil},
	{"ky-nhieu.png", "approve-several", nil},
	{"phat-hanh.png", "issue", nil},
	{"ma-pin.png", "pin", nil},
	{"cho-bo-sung.png", "home-waiting", nil},
	{"trang-dau-luu-tru.png", "home-archive", map[string]finder{"drop": dropZone}},
	{"luu-tru.png", "certify-archive", map[string]finder{"pages": kind("*frame.List"), "sign": mainButton}},
	{"trang-dau-kiem-tra.png", "home", map[string]finder{"drop": dropZone}},
	{"kiem-tra.png", "check", map[string]finder{"list": kind("*frame.List"), "record": labelled("check.save-pdf")}},
	{"can-bo.png", "officer", map[string]finder{"look": labelled("officer.look")}},
	{"tin-cay.png", "settings-trust", map[string]finder{"files": labelled("settings.trust-files")}},
	{"chu-ky.png", "settings", map[string]finder{"picture": labelled("settings.choose-picture")}},
}

func kind(name string) finder {
	return func(_ *Window, o fyne.CanvasObject) bool { return fmt.Sprintf("%T", o) == name }
}

func dropZone(_ *Window, o fyne.CanvasObject) bool {
	_, ok := o.(*frame.Ground)
	return ok
}

func labelled(text string) finder {
	return func(w *Window, o fyne.CanvasObject) bool {
		b, ok := o.(*frame.Button)
		return ok && b.Text == w.Text(text)
	}
}

// mainButton is what the screen is there for; the chosen one of a row of choices has
// a tick.
func mainButton(_ *Window, o fyne.CanvasObject) bool {
	b, ok := o.(*frame.Button)
	return ok && b.Importance == widget.HighImportance && b.Icon == nil
}

// fieldBeside is the least that holds a field and the label before it.
func fieldBeside(text string) finder {
	both := func(w *Window, o fyne.CanvasObject) bool {
		label := holds(o, func(o fyne.CanvasObject) bool { l, ok := o.(*widget.Label); return ok && l.Text == w.Text(text) })
		return label && holds(o, func(o fyne.CanvasObject) bool { _, ok := o.(*frame.Entry); return ok })
	}
	return func(w *Window, o fyne.CanvasObject) bool {
		return both(w, o) && !slices.ContainsFunc(inside(o), func(child fyne.CanvasObject) bool { return both(w, child) })
	}
}

func holds(o fyne.CanvasObject, is func(fyne.CanvasObject) bool) bool {
	return is(o) || slices.ContainsFunc(inside(o), func(child fyne.CanvasObject) bool { return holds(child, is) })
}

// inside is what an object consists of.
func inside(o fyne.CanvasObject) []fyne.CanvasObject {
	switch o := o.(type) {
	case *fyne.Container:
		return o.Objects
	case fyne.Widget:
		return test.WidgetRenderer(o).Objects()
	}
	return nil
}

// found is the part in a window, with the room around it.
func found(w *Window, is finder) (assets.Place, bool) {
	whole := at(fyne.Position{}, w.Window.Canvas().Size())
	var place rect
	var look func(o fyne.CanvasObject, from fyne.Position, seen rect) bool
	look = func(o fyne.CanvasObject, from fyne.Position, seen rect) bool {
		if !o.Visible() {
			return false
		}
		from = from.Add(o.Position())
		seen = seen.cut(at(from, o.Size()))
		if seen.seen() && is(w, o) {
			place = seen
			return true
		}
		return slices.ContainsFunc(inside(o), func(child fyne.CanvasObject) bool { return look(child, from, seen) })
	}
	ok := look(w.Window.Content(), fyne.Position{}, whole)
	share := func(at, of float32) float64 { return math.Round(1000*float64(at/of)) / 1000 }
	return assets.Place{
		Left: share(place.x, whole.width()), Top: share(place.y, whole.height()),
		Right: share(place.right, whole.width()), Bottom: share(place.bottom, whole.height()),
	}, ok
}

// The pictures of help and tours show the screens as they are, and what the tours
// point at stands where they point. "make pictures" makes them anew.
func TestPictures(t *testing.T) {
	d, err := laidTable()
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("SANE_CONFIG_DIR", t.TempDir())
	places := assets.Places{}
	for _, l := range []words.Language{words.Vietnamese, words.English} {
		v := view{l, fyne.NewSize(1366, 768), 100, look.Light}
		places[string(l)] = map[string]map[string]assets.Place{}
		for _, p := range shownParts {
			t.Run(string(l)+"/"+p.file, func(t *testing.T) {
				t.Setenv("XDG_CONFIG_HOME", t.TempDir())
				i := slices.IndexFunc(screens, func(s scenery) bool { return s.name == p.screen })
				s := screens[i]
				var devices frame.Devices = unplugged{}
				if s.tokens {
					devices = cards{people: []*practice.Identity{d.leader, d.seal}}
				}
				var window *Window
				w := shown(t, v, d.settings(v, s.role), devices, func(w *Window, run func()) { window = w; s.open(t, w, d, run) })
				here := map[string]assets.Place{}
				for name, is := range p.parts {
					place, ok := found(window, is)
					if !ok {
						t.Errorf("%s is not on the screen", name)
					}
					here[name] = place
				}
				places[string(l)][p.file] = here
				if *pictures != "" {
					save(t, filepath.Join(*pictures, string(l), p.file), w)
					return
				}
				compare(t, string(l), p.file, captured(w))
				for name, now := range here {
					if then := assets.PicturePlaces()[string(l)][p.file][name]; far(now, then) {
						t.Errorf("%s stands at %v, the tour points at %v; make pictures", name, now, then)
					}
				}
			})
		}
	}
	if *pictures != "" {
		b, err := json.MarshalIndent(places, "", "\t")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(*pictures, "places.json"), append(b, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func far(a, b assets.Place) bool {
	const most = 0.02 // of the window: names and numbers of another day
	return math.Abs(a.Left-b.Left) > most || math.Abs(a.Top-b.Top) > most || math.Abs(a.Right-b.Right) > most || math.Abs(a.Bottom-b.Bottom) > most
}

// compare allows a picture to differ in what differs from day to day.
func compare(t *testing.T, language, file string, now image.Image) {
	t.Helper()
	then, ok := assets.Picture(language, file)
	if !ok {
		t.Fatalf("there is no picture %s/%s; make pictures", language, file)
	}
	h, err := png.Decode(bytes.NewReader(then))
	if err != nil {
		t.Fatal(err)
	}
	if h.Bounds() != now.Bounds() {
		t.Fatalf("the picture has %v, the screen %v; make pictures", h.Bounds(), now.Bounds())
	}
	const most = 0.03
	differ := 0
	b := now.Bounds()
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			p, q := color.GrayModel.Convert(h.At(x, y)).(color.Gray), color.GrayModel.Convert(now.At(x, y)).(color.Gray)
			if max(p.Y, q.Y)-min(p.Y, q.Y) > 64 {
				differ++
			}
		}
	}
	part := float64(differ) / float64(b.Dx()*b.Dy())
	t.Logf("%.2f %% differ", 100*part)
	if part > most {
		t.Errorf("%.1f %% of the picture %s/%s is not what the screen shows; make pictures", 100*part, language, file)
	}
}
