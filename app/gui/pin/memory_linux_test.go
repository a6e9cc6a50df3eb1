package pin

import (
	"crypto/rand"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"runtime/debug"
	"slices"
	"testing"

	"antin/app/gui/frame"
	"antin/app/words"
	"antin/signer/practice"
	"antin/signer/token"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"
)

const lookForPIN = "look-for-pin"

func TestMain(m *testing.M) {
	if len(os.Args) == 3 && os.Args[1] == lookForPIN {
		if err := searches(os.Args[2]); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// A PIN that was typed, looked at and handed over or given up is nowhere in the
// memory of the program. The program is a child of the test, which itself has
// the PIN as text.
func TestPINLeavesNoCopy(t *testing.T) {
	if info, ok := debug.ReadBuildInfo(); ok && slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"}) {
		t.Skip("the race detector keeps copies of memory of its own")
	}
	secret := rand.Text()[:24] // longer than what the first words of a freed block would overwrite
	out, err := exec.Command(os.Args[0], lookForPIN, hex.EncodeToString(practice.Veiled([]byte(secret)))).Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	var found map[string]int
	if err := json.Unmarshal(out, &found); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for when, want := range map[string]bool{
		"before": false, "typed": true, "handed over": true, "wiped": false,
		"looked at and given up": false, "spoiled by an input method": false, "corrected away": false,
	} {
		got, ok := found[when]
		if !ok || got > 0 != want {
			t.Errorf("%s: %d places (looked: %v), want some: %v", when, got, ok, want)
		}
	}
}

// searches prints how often the PIN is in memory at each moment.
func searches(veiled string) error {
	x, err := hex.DecodeString(veiled)
	if err != nil {
		return err
	}
	veil := practice.Veiled([]byte{0})[0]
	var wide []byte // as runes
	for _, b := range x {
		wide = append(wide, b, veil, veil, veil)
	}
	app := test.NewApp()
	defer app.Quit()
	w := test.NewWindow(widget.NewLabel(""))
	defer w.Close()
	w.Resize(fyne.NewSize(800, 600))
	capsLock = func() (on, known bool) { return false, false }
	a := New(&frame.Frame{Window: w, Words: words.English}, Request{Documents: []string{"a.pdf"}}, func() {})
	answers := make(chan answer, 1)
	found := map[string]int{}
	look := func(when string) {
		w.Canvas().Capture() // what is painted may be kept, too
		// Parts are looked for, too: a cleared beginning would hide the rest.
		n, e := practice.Copies(os.Getpid(), x[:8], x[8:16], x[16:], wide[:32], wide[32:64], wide[64:])
		if e != nil {
			err = e
		}
		found[when] = n
	}
	begin := func() {
		a.begin(token.PINState{Set: true}, answers, func(bool) {
			a.enter(token.Token{PIN: token.PINState{Set: true}}, &x509.Certificate{}, false)
		})
		for _, b := range x {
			w.Canvas().Focused().TypedRune(rune(b ^ veil)) // a slice of one byte would stand beside the one before
		}
	}
	key := func(name fyne.KeyName) { w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: name}) }

	look("before")
	begin()
	look("typed")
	key(fyne.KeyReturn)
	got := <-answers
	look("handed over")
	clear(got.pin)
	look("wiped")

	begin()
	a.fields[0].KeyDown(&fyne.KeyEvent{Name: revealKey})
	w.Canvas().Capture()
	a.fields[0].KeyUp(&fyne.KeyEvent{Name: revealKey})
	key(fyne.KeyEscape)
	<-answers
	look("looked at and given up")

	begin()
	a.fields[0].TypedRune('\u01b0')
	look("spoiled by an input method")
	key(fyne.KeyEscape)
	<-answers

	begin()
	for range x {
		key(fyne.KeyBackspace)
	}
	look("corrected away")
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(found)
}
