package main

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode"

	"antin/app/gui/look"
	"antin/signer/practice/machine"

	"fyne.io/fyne/v2/theme"
	"golang.org/x/text/unicode/norm"
)

// screen is a display without a monitor but with a window manager, on which the
// built program runs as a person would use it: what it shows is read from its
// picture, what it is told comes from mouse and keyboard.
type screen struct {
	t       *testing.T
	display string
	env     []string
	program *exec.Cmd
	ended   chan error
	log     bytes.Buffer

	clicks int
}

// programs that a screen needs, with their Debian packages.
var screenPrograms = map[string]string{
	"Xvfb": "xvfb", "openbox": "openbox", "xdotool": "xdotool", "import": "imagemagick", "pgrep": "procps", "convert": "imagemagick", "tesseract": "tesseract-ocr-vie",
}

// newScreen starts a display of w × h pixels; env is added to the environment of
// the programs on it.
func newScreen(t *testing.T, w, h int, env ...string) *screen {
	t.Helper()
	for program, pkg := range screenPrograms {
		machine.Program(t, program, pkg)
	}
	r, wr, err := os.Pipe()
	check(t, err)
	server := exec.Command("Xvfb", "-displayfd", "3", "-screen", "0", fmt.Sprintf("%dx%dx24", w, h), "-nolisten", "tcp")
	server.ExtraFiles = []*os.File{wr}
	check(t, server.Start())
	t.Cleanup(func() { end(server) })
	check(t, wr.Close())
	number := make([]byte, 16)
	n, err := r.Read(number)
	check(t, err)
	s := &screen{t: t, display: ":" + strings.TrimSpace(string(number[:n]))}
	s.env = append(os.Environ(), "DISPLAY="+s.display, "LIBGL_ALWAYS_SOFTWARE=1", "WAYLAND_DISPLAY=", "LANG=vi_VN.UTF-8", "LC_ALL=")
	s.env = append(s.env, env...)
	manager := s.command("openbox", "--sm-disable")
	check(t, manager.Start())
	t.Cleanup(func() { end(manager) })
	return s
}

// end kills what was started and waits for it.
func end(c *exec.Cmd) {
	_ = c.Process.Kill()
	_ = c.Wait() // killed, as wanted
}

func (s *screen) command(name string, args ...string) *exec.Cmd {
	c := exec.Command(name, args...)
	c.Env = s.env
	return c
}

// built is the program, built once for all screens.
var built = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "antin-*")
	if err != nil {
		return "", err
	}
	onceFolder = dir
	path := filepath.Join(dir, "antin")
	out, err := exec.Command("go", "build", "-o", path, ".").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	return path, nil
})

// start runs the program and waits for its window. It is ended with the test.
func (s *screen) start(args ...string) {
	s.t.Helper()
	path, err := built()
	check(s.t, err)
	s.log.Reset()
	program := s.command(path, args...)
	program.Stdout, program.Stderr = &s.log, &s.log
	check(s.t, program.Start())
	s.program, s.ended = program, make(chan error, 1)
	go func() { s.ended <- program.Wait() }()
	s.t.Cleanup(func() { s.kill() })
	if out, err := s.command("xdotool", "search", "--sync", "--onlyvisible", "--limit", "1", "--pid", strconv.Itoa(program.Process.Pid)).CombinedOutput(); err != nil {
		s.t.Fatalf("no window came: %v %s\n%s", err, out, s.log.String())
	}
}

// kill ends the program as a power cut would.
func (s *screen) kill() {
	if s.program == nil {
		return
	}
	_ = s.program.Process.Kill()
	s.wait(10 * time.Second)
}

// wait waits for the program to end by itself.
func (s *screen) wait(longest time.Duration) error {
	s.t.Helper()
	if s.program == nil {
		return nil
	}
	select {
	case err := <-s.ended:
		s.program = nil
		return err
	case <-time.After(longest):
		return errors.New("the program has not ended")
	}
}

// shot is the picture of the screen.
func (s *screen) shot() image.Image {
	s.t.Helper()
	out, err := s.command("import", "-window", "root", "-depth", "8", "ppm:-").Output()
	check(s.t, err)
	var w, h, most int
	if _, err := fmt.Fscanf(bytes.NewReader(out), "P6\n%d %d\n%d\n", &w, &h, &most); err != nil || most != 255 || len(out) < 3*w*h {
		s.t.Fatalf("no picture of the screen: %v", err)
	}
	m, pix := image.NewRGBA(image.Rect(0, 0, w, h)), out[len(out)-3*w*h:]
	for i := range w * h {
		copy(m.Pix[4*i:], pix[3*i:3*i+3])
		m.Pix[4*i+3] = 0xff
	}
	return m
}

// primary is the colour of the button for what a screen is there for, in the
// light theme.
var primary = look.New(look.Light, 100).Color(theme.ColorNamePrimary, theme.VariantLight)

// mainButton looks for the wide button that can be pressed now, the upper one if
// there are two.
func (s *screen) mainButton() (at image.Point, found bool) {
	s.t.Helper()
	const wide, high = 180, 24 // pixels
	m := s.shot()
	filled := func(x, y int) bool { // the zone for dropping files on the start page has but an edge of this colour
		for k := range high {
			if !near(m.At(x, y+k), primary) {
				return false
			}
		}
		return true
	}
	for y := range m.Bounds().Dy() - high {
		run := 0
		for x := range m.Bounds().Dx() {
			if near(m.At(x, y), primary) {
				if run++; run == wide && filled(x-wide+8, y) { // beside its words
					at, found = image.Pt(x-wide/2, y+8), true // below its upper edge
				}
				continue
			}
			run = 0
		}
		if found {
			return at, true
		}
	}
	return at, false
}

func near(a, b color.Color) bool {
	ar, ag, ab, _ := a.RGBA()
	br, bg, bb, _ := b.RGBA()
	const most = 12 << 8 // the hand, or the focus, darkens a button a little
	return diff(ar, br) < most && diff(ag, bg) < most && diff(ab, bb) < most
}

func diff(a, b uint32) uint32 { return max(a, b) - min(a, b) }

// ready waits for the main button to stand still: a window that is being opened
// moves. A hand that rests on the button would change its colour.
func (s *screen) ready() image.Point {
	s.t.Helper()
	s.xdotool("mousemove", "700", "60") // where the menu has nothing
	var at image.Point
	s.until("there is no button to press", func() bool {
		now, found := s.mainButton()
		still := found && now == at
		at = now
		return still
	})
	return at
}

// asked waits for a question: what is behind it is dimmed.
func (s *screen) asked() {
	s.t.Helper()
	s.until("nothing is asked", s.dimmed)
}

func (s *screen) dimmed() bool {
	r, g, b, _ := s.shot().At(400, 60).RGBA() // the bar of the menu, white before
	return max(r, g, b) < 0xe000
}

// press clicks the main button, once, and waits for the question that follows: a
// click that is lost is a fault of the window.
func (s *screen) press() {
	s.t.Helper()
	s.click(s.ready())
	s.asked()
}

// until waits for something to be seen.
func (s *screen) until(otherwise string, seen func() bool) {
	s.t.Helper()
	for end := time.Now().Add(90 * time.Second); time.Now().Before(end); time.Sleep(30 * time.Millisecond) {
		if seen() {
			return
		}
	}
	s.picture("failed")
	s.t.Fatalf("%s\n%s", otherwise, s.log.String())
}

// Parts of the screen, for reading.
var (
	listPart  = image.Rect(70, 125, 400, 165)
	pagesPart = image.Rect(40, 165, 400, 420)
	panelPart = image.Rect(930, 110, 1366, 768)
)

// reads waits until text stands in a part of the screen. Letters on a screen are
// small: one in four may be misread and accents do not count, but figures do.
func (s *screen) reads(part image.Rectangle, text string) {
	s.t.Helper()
	var wanted []string
	for _, w := range strings.Fields(text) {
		if w = plain(w); w != "" {
			wanted = append(wanted, w)
		}
	}
	s.until("cannot read: "+text, func() bool {
		all := s.words(part)
		for i := range len(all) - len(wanted) + 1 {
			if slices.EqualFunc(all[i:i+len(wanted)], wanted, alike) {
				return true
			}
		}
		return false
	})
}

func alike(seen, wanted string) bool {
	return figures(seen) == figures(wanted) && distance(seen, wanted) <= len(wanted)/4
}

func figures(word string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			return r
		}
		return -1
	}, word)
}

func (s *screen) words(part image.Rectangle) (all []string) {
	s.t.Helper()
	size := part.Size()
	crop := fmt.Sprintf("%dx%d+%d+%d", size.X, size.Y, part.Min.X, part.Min.Y)
	out, err := s.command("sh", "-c", "import -window root -crop "+crop+" +repage png:- | convert png:- -colorspace Gray -resize 300% png:- | OMP_THREAD_LIMIT=1 tesseract stdin stdout -l vie --psm 6").Output()
	check(s.t, err)
	for _, w := range strings.Fields(string(out)) {
		if w = plain(w); w != "" {
			all = append(all, w)
		}
	}
	return all
}

// plain is a text without accents, case and signs.
func plain(text string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.ToLower(text)) {
		switch {
		case r == 'đ':
			b.WriteByte('d')
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			b.WriteRune(r)
		}
	}
	return b.String()
}

// distance is Levenshtein's.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		before := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := before
			if a[i] != b[j] {
				change++
			}
			before = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

// click presses the left button.
func (s *screen) click(at image.Point) {
	s.t.Helper()
	s.clicks++
	s.xdotool("mousemove", strconv.Itoa(at.X), strconv.Itoa(at.Y), "click", "1")
}

// keys presses keys by their X names, such as F9 or ctrl+o.
func (s *screen) keys(names ...string) {
	s.t.Helper()
	s.xdotool(append([]string{"key", "--delay", "40"}, names...)...)
}

// write types ASCII text.
func (s *screen) write(text string) {
	s.t.Helper()
	s.xdotool("type", "--delay", "40", text)
}

func (s *screen) xdotool(args ...string) {
	s.t.Helper()
	if out, err := s.command("xdotool", args...).CombinedOutput(); err != nil {
		s.t.Fatalf("xdotool %q: %v %s", args, err, out)
	}
}

// picture keeps the screen beside the failed goldens, for a person to look at.
func (s *screen) picture(name string) {
	dir := filepath.Join("..", "build", "screens")
	check(s.t, os.MkdirAll(dir, 0o755))
	path := filepath.Join(dir, strings.ReplaceAll(s.t.Name(), "/", "-")+"-"+name+".png")
	if out, err := s.command("import", "-window", "root", path).CombinedOutput(); err != nil {
		s.t.Logf("no picture: %v %s", err, out)
	}
}
