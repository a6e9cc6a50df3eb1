package gui

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"antin/app/gui/frame"
	"antin/app/gui/timestamps"
	"antin/signer/home"
	"antin/signer/practice"
	"antin/signer/register"
	"antin/signer/settings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// wait enters a document that waits for a time-stamp in the user's register.
func wait(t *testing.T, path, sum string) {
	t.Helper()
	r, err := home.Register(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	a := register.Action{What: "sign", Output: register.File{Path: path, SHA256: sum}, Result: "done", NeedsStamp: true}
	if err := r.Record(context.Background(), a); err != nil {
		t.Fatal(err)
	}
}

// waitWithServer has a document wait, and one that was moved, and sets a server
// that gives time-stamps.
func waitWithServer(t *testing.T, s *settings.Settings, path string) {
	t.Helper()
	authority, err := practice.NewAuthority(practice.AuthorityOptions{})
	if err != nil {
		t.Fatal(err)
	}
	pki := t.TempDir()
	if err := authority.WriteFiles(pki); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(authority.TSA(practice.TSAOptions{Key: practice.P256}))
	t.Cleanup(server.Close)
	s.TSA, s.Trust = server.URL, []string{pki}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(b)
	wait(t, path, hex.EncodeToString(sum[:]))
	wait(t, "/vb/tb-12.daky.pdf", "02")
}

// The start page of those who sign tells what waits for a time-stamp, also what
// comes while it is there, and leads to the work.
func TestWaitingForTimestamps(t *testing.T) {
	const one, two, add = "Chờ bổ sung dấu thời gian: 1 văn bản", "Chờ bổ sung dấu thời gian: 2 văn bản", "Bổ sung ngay"
	for _, role := range []settings.Role{settings.Leader, settings.Clerk, settings.Archive} {
		t.Run(string(role), func(t *testing.T) {
			x := open(t, settings.Settings{Role: role})
			if says := texts(x); strings.Contains(says, add) {
				t.Errorf("nothing waits, and the page says %q", says)
			}
			wait(t, "0001.daky.pdf", "01")
			var later []func()
			x.Later = func(d time.Duration, do func()) {
				if d == countEvery {
					later = append(later, do)
				}
			}
			x.home()
			if says := texts(x); !strings.Contains(says, one) || !strings.Contains(says, add) {
				t.Errorf("%q", says)
			}
			wait(t, "0002.daky.pdf", "02")
			later[0]()
			if says := texts(x); !strings.Contains(says, two) {
				t.Errorf("%q", says)
			}
			x.tap(t, add)
			if _, is := x.screen.(*timestamps.Screen); !is {
				t.Fatalf("%T is shown", x.screen)
			}
			if says := texts(x); !strings.Contains(says, "KS-408") { // no server is set
				t.Errorf("%q", says)
			}
			counted := len(later)
			later[1]() // the page is gone
			if len(later) != counted {
				t.Error("a page that is gone goes on counting")
			}
		})
	}
	t.Run("who only checks", func(t *testing.T) {
		x := open(t, settings.Settings{Role: settings.Check})
		wait(t, "0001.daky.pdf", "01")
		x.home()
		if says := texts(x); strings.Contains(says, add) {
			t.Errorf("%q", says)
		}
	})
}

// texts is everything that can be read in the window.
func texts(x *fixture) string {
	var b strings.Builder
	walk(x.Window.Window.Content(), func(o fyne.CanvasObject) {
		switch o := o.(type) {
		case *widget.Label:
			b.WriteString(o.Text + "\n")
		case *frame.Button:
			b.WriteString(o.Text + "\n")
		}
	})
	return b.String()
}
