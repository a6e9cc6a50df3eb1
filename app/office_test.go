package main

import (
	"bytes"
	"fmt"
	"image/jpeg"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"antin/signer/appearance"
	"antin/signer/practice"

	"github.com/rogpeppe/go-internal/testscript"
)

const (
	rightPIN = "24681357"
	wrongPIN = "00000000"
)

// office is what all scripts begin with: tokens, documents, pictures and a
// time-stamp server that can be good or bad. It is made once and copied.
type office struct {
	dir   string // as each script's folder will be
	vars  []string
	tsa   *httptest.Server
	mu    sync.Mutex
	asked map[string]chan struct{} // script → one for each time its hanging time-stamp server was asked
}

func newOffice(t *testing.T) *office {
	t.Helper()
	o := &office{dir: t.TempDir(), asked: map[string]chan struct{}{}}
	a, err := practice.NewAuthority(practice.AuthorityOptions{Key: practice.P256})
	check(t, err)
	o.tokens(t, a)
	check(t, a.WriteFiles(filepath.Join(o.dir, "pki")))
	o.documents(t)
	o.servers(t, a)
	o.write(t, "ma-pin.txt", []byte(rightPIN+"\n"))
	o.write(t, "sai.txt", []byte(wrongPIN+"\n"))
	return o
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (o *office) write(t *testing.T, name string, b []byte) {
	t.Helper()
	check(t, os.WriteFile(filepath.Join(o.dir, name), b, 0o600))
}

// tokens: the leader's, the organisation's, and one of a drawer full of old and
// odd certificates.
func (o *office) tokens(t *testing.T, a *practice.Authority) {
	t.Helper()
	const commune = "Ủy ban nhân dân xã Bình Minh"
	now := time.Now()
	for label, holders := range map[string][]practice.IdentityOptions{
		"Lãnh đạo": {{Name: "Nguyễn Văn An", Organisation: commune}},
		"Cơ quan":  {{Name: commune, Organisation: commune}},
		"Ngăn kéo": {
			{Name: "Nguyễn Văn Bình", Key: practice.P256},
			{Name: "Trần Thị Hết Hạn", Key: practice.P256, NotBefore: now.AddDate(-3, 0, 0), NotAfter: now.AddDate(0, 0, -1)},
			{Name: "Lê Văn Thu Hồi", Key: practice.P256},
		},
	} {
		var entries []practice.SoftTokenEntry
		for i, h := range holders {
			id, err := a.Issue(h)
			check(t, err)
			if h.Name == "Lê Văn Thu Hồi" {
				a.Revoke(id.Cert, now.Add(-time.Hour), 1)
			}
			entries = append(entries, practice.SoftTokenEntry{Key: id.Signer, Certificate: id.Cert, ID: []byte{byte(i + 1)}, Label: h.Name, Chain: a.Chain()[:1]})
		}
		_, err := practice.NewSoftToken(filepath.Join(o.dir, "token"), label, rightPIN, entries...)
		check(t, err)
	}
}

func (o *office) documents(t *testing.T) {
	t.Helper()
	pdf, places, err := practice.Decision(practice.DecisionOptions{})
	check(t, err)
	o.write(t, "quyet-dinh.pdf", pdf)
	annex, _, err := practice.Decision(practice.DecisionOptions{Subject: "phụ lục", Articles: 3})
	check(t, err)
	o.write(t, "phu-luc.pdf", annex)
	for name, pages := range map[string][]practice.ScanOptions{
		"quet.pdf": {{DPI: 200, Lines: 20}, {DPI: 200, Lines: 12, Seed: 2}}, "quet-mo.pdf": {{DPI: 150, Lines: 12}}, "quet-lech.pdf": {{DPI: 200, Lines: 12, Skew: 4}},
	} {
		pdf, err := practice.ScanPDF(pages...)
		check(t, err)
		o.write(t, name, pdf)
	}
	for seed, name := range []string{"trang-1.jpg", "trang-2.jpg"} {
		p, err := practice.ScanPicture(practice.ScanOptions{DPI: 200, Lines: 12 + 3*seed, Seed: uint64(seed + 5)})
		check(t, err)
		var b bytes.Buffer
		check(t, jpeg.Encode(&b, p, nil)) // it does not tell its resolution
		o.write(t, name, b.Bytes())
	}
	picture, err := practice.SignaturePicture("Nguyễn Văn An", 1)
	check(t, err)
	o.write(t, "chu-ky.png", picture)
	seal, err := practice.SealPicture(practice.SealOptions{Diameter: 36})
	check(t, err)
	o.write(t, "con-dau.png", seal)
	slot := func(s practice.Slot) string {
		m, err := appearance.FontMetrics(appearance.Regular, s.Size)
		check(t, err)
		return fmt.Sprintf("%d,%.3f,%.3f,%.3f,%.3f,%g", s.Page, s.X, s.Y, s.W, s.Baseline+m.Descent-s.Y, s.Size)
	}
	at := places.Signature
	o.vars = append(o.vars,
		fmt.Sprintf("AT=%d,%.2f,%.2f,%.2f,%.2f", at.Page, at.X, at.Y, at.W, at.H),
		"NUMBER_AT="+slot(places.Number), "DATE_AT="+slot(places.Date),
	)
}

// servers: $TSA/good and others that fail in their own ways; $TSA_DEAD is
// nobody's address.
func (o *office) servers(t *testing.T, a *practice.Authority) {
	t.Helper()
	mux := http.NewServeMux()
	for path, options := range map[string]practice.TSAOptions{
		"/good": {}, "/slow": {Fault: practice.FaultSlow, Delay: 700 * time.Millisecond}, "/silent": {Fault: practice.FaultHang},
		"/html": {Fault: practice.FaultHTML}, "/reject": {Fault: practice.FaultReject}, "/nonce": {Fault: practice.FaultWrongNonce},
		"/imprint": {Fault: practice.FaultWrongImprint}, "/expired": {Fault: practice.FaultExpired}, "/clock": {Fault: practice.FaultClock},
	} {
		options.Key = practice.P256
		mux.Handle(path, a.TSA(options))
	}
	mux.HandleFunc("/hang/{script}", func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // only then the server notices that the client has gone
		o.hanging(r.PathValue("script")) <- struct{}{}
		<-r.Context().Done()
	})
	o.tsa = httptest.NewServer(mux)
	t.Cleanup(o.tsa.Close)
	o.vars = append(o.vars, "TSA="+o.tsa.URL, "TSA_DEAD=http://127.0.0.1:1/")
}

// hanging tells that the script's server was asked.
func (o *office) hanging(script string) chan struct{} {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.asked[script] == nil {
		o.asked[script] = make(chan struct{}, 1)
	}
	return o.asked[script]
}

// open gives a script its own copy.
func (o *office) open(e *testscript.Env) error {
	if err := filepath.WalkDir(o.dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		to := filepath.Join(e.WorkDir, strings.TrimPrefix(path, o.dir))
		if entry.IsDir() {
			return os.MkdirAll(to, 0o700)
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(to, b, 0o600)
	}); err != nil {
		return err
	}
	conf := filepath.Join(e.WorkDir, "token", "softhsm2.conf")
	b, err := os.ReadFile(conf)
	if err != nil {
		return err
	}
	b = []byte(strings.ReplaceAll(string(b), o.dir, e.WorkDir))
	if err := os.WriteFile(conf, b, 0o600); err != nil {
		return err
	}
	e.Setenv("SOFTHSM2_CONF", conf)
	e.Setenv("LANG", "vi_VN.UTF-8")
	e.Setenv("HOME", filepath.Join(e.WorkDir, ".tmp", "home")) // the user's own folder
	for _, v := range o.vars {
		name, value, _ := strings.Cut(v, "=")
		e.Setenv(name, value)
	}
	e.Setenv("TSA_HANG", o.tsa.URL+"/hang/"+filepath.Base(e.WorkDir))
	return nil
}
