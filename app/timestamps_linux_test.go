package main

import (
	"bytes"
	"image"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"sync/atomic"
	"testing"
	"time"

	"antin/signer/practice"
	"antin/signer/practice/machine"
	"antin/signer/settings"
)

// Two documents, one of them encrypted, were signed while no time-stamp could be
// had. A leader adds the stamps from the start page when the server is there again.
func TestTimestampsAddedLaterInTheWindow(t *testing.T) {
	const password = "mo-ra"
	o := newPracticeOffice(t, settings.Leader)
	a, err := practice.NewAuthority(practice.AuthorityOptions{Key: practice.P256})
	check(t, err)
	check(t, os.Mkdir(o.path("pki-2"), 0o700)) // the keys of the demo's are gone
	check(t, a.WriteFiles(o.path("pki-2")))
	var down atomic.Bool
	stamps := a.TSA(practice.TSAOptions{Key: practice.P256})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if down.Load() {
			http.Error(w, "down", http.StatusServiceUnavailable)
			return
		}
		stamps.ServeHTTP(w, r)
	}))
	defer server.Close()
	o.set(func(s *settings.Settings) { s.TSA, s.Trust = server.URL, append(s.Trust, o.path("pki-2")) })
	check(t, os.WriteFile(o.path("mat-khau.txt"), []byte(password+"\n"), 0o600))
	if out, err := exec.Command(machine.Program(t, "qpdf", "qpdf"), "--encrypt", password, "chu-nhan", "256", "--", o.path("quyet-dinh.pdf"), o.path("khoa.pdf")).CombinedOutput(); err != nil {
		t.Fatalf("qpdf: %v %s", err, out)
	}
	s := o.screen()
	down.Store(true)
	signed := map[string][]byte{}
	for _, name := range []string{"quyet-dinh", "khoa"} {
		path, err := built()
		check(t, err)
		out, err := s.command(path, "sign", o.path(name+".pdf"), "--cert", "Nguyễn Văn An", "--invisible", "--pin-file", o.path("pin.txt"), "--password-file", o.path("mat-khau.txt"), "--out", o.path(name+".ky.pdf")).CombinedOutput()
		if err != nil {
			t.Fatalf("antin sign: %v %s", err, out)
		}
		signed[name], err = os.ReadFile(o.path(name + ".ky.pdf"))
		check(t, err)
	}
	down.Store(false)

	s.start()
	s.reads(footPart, "Chờ bổ sung dấu thời gian: 2 văn bản")
	began := time.Now()
	s.click(image.Pt(438, 710)) // add them now
	s.reads(panelPart, "Đã bổ sung 1/2 văn bản")
	took := time.Since(began)
	s.reads(panelPart, "cần mật khẩu. Mật khẩu nhập ở đây")
	s.picture("password")
	s.keys("Tab", "Tab", "Tab") // the list, technical details, the line for the password
	s.write("sai")
	s.keys("Return")
	time.Sleep(time.Second) // until it was tried
	s.reads(panelPart, "cần mật khẩu. Mật khẩu nhập ở đây")
	s.reads(detailPart, "KS-315 Văn bản cần mật khẩu")
	s.write(password)
	s.keys("Return")
	s.reads(panelPart, "Đã bổ sung 2/2 văn bản")
	s.picture("added")
	t.Logf("time-stamps added later: %d click, %.1f s to the first", s.clicks, took.Seconds())
	for name, before := range signed {
		made := o.path(name + ".ky.dauthoigian.pdf")
		after, err := os.ReadFile(made)
		check(t, err)
		if now, err := os.ReadFile(o.path(name + ".ky.pdf")); err != nil || !bytes.Equal(now, before) || !bytes.HasPrefix(after, before) {
			t.Errorf("%s: the signed revision has changed, %v", name, err)
		}
		if !bytes.Contains(after[len(before):], []byte("/DocTimeStamp")) || !bytes.Contains(after[len(before):], []byte("/ETSI.RFC3161")) {
			t.Errorf("%s has no document time-stamp", name)
		}
		open := ""
		if name == "khoa" {
			open = password
		}
		for _, opinion := range []practice.Opinion{practice.PDFSigStamped(made, open, 1, 1), practice.QPDF(made, open)} {
			if err := opinion.Error(); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		path, err := built()
		check(t, err)
		out, err := s.command(path, "verify", "--offline", "--password-file", o.path("mat-khau.txt"), made).CombinedOutput()
		if err != nil || !bytes.Contains(out, []byte("PAdES B-T")) {
			t.Errorf("antin verify %s: %v\n%s", made, err, out)
		}
	}
}

var (
	footPart   = image.Rect(95, 690, 500, 735)
	detailPart = image.Rect(95, 420, 890, 740) // of time-stamps
)
