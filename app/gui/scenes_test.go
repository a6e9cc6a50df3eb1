package gui

import (
	"context"
	"crypto/x509"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"antin/app/gui/frame"
	"antin/app/gui/incoming"
	"antin/app/words"
	"antin/signer"
	"antin/signer/practice"
	"antin/signer/settings"
	"antin/signer/token"
)

// cards is a machine with these people's tokens; they ask for no PIN.
type cards struct {
	unplugged
	people []*practice.Identity
}

func (p cards) State() frame.TokenState {
	var s frame.TokenState
	for _, i := range p.people {
		s.Tokens = append(s.Tokens, cardOf(i))
	}
	return s
}

// cardOf is the token of a person.
func cardOf(i *practice.Identity) token.Token {
	return token.Token{
		Label: "USB", Serial: "4D2F00A1", Model: "Token", Manufacturer: "Thực hành",
		PIN: token.PINState{Set: true, Min: 4, Max: 16}, Certificates: []token.Certificate{{X509: i.Cert}},
	}
}

func (p cards) Modules() []signer.ModuleState {
	var m signer.ModuleState
	m.Name, m.Path = "Thực hành", "/usr/lib/libthuc-hanh.so"
	for _, i := range p.people {
		m.Tokens = append(m.Tokens, cardOf(i))
	}
	return []signer.ModuleState{m}
}

func (p cards) Key(who string, _ signer.PINFunc) (frame.Key, error) {
	for _, i := range p.people {
		if (token.Certificate{X509: i.Cert}).SHA256() == who {
			return softKey{i}, nil
		}
	}
	return nil, token.ErrNoToken
}

type softKey struct{ *practice.Identity }

func (softKey) Token() token.Token { return token.Token{} }
func (softKey) Close() error       { return nil }

// askless is who asks for a PIN where none is needed.
type askless struct{}

func (askless) PIN(context.Context, token.Token, *x509.Certificate) ([]byte, bool, error) {
	return nil, false, nil
}
func (askless) Close() {}

// table is what lies ready for the pictures: documents in folders, people with
// their pictures.
type table struct {
	dir, in, out string // out: what the leader has signed
	pki, own     string // trust: of the senders, of our people
	leader, seal *practice.Identity
	hand, stamp  string // PNG
}

func (d *table) at(name string) string { return filepath.Join(d.dir, name) }

// settings know the pictures of both.
func (d *table) settings(v view, role settings.Role) *settings.Settings {
	certificate := func(i *practice.Identity) string { return token.Certificate{X509: i.Cert}.SHA256() }
	return &settings.Settings{
		Role: role, Language: string(v.language), Trust: []string{d.pki, d.own}, Window: settings.Window{Theme: v.theme, TextSize: v.text},
		Agency: words.Vietnamese.Text("demo.organisation"), Symbol: "UBND",
		Recent: []settings.Recent{
			{Path: "/vb/quyet-dinh.pdf", State: string(frame.Checked), At: "2026-11-28T09:12:00+07:00"},
			{Path: "/vb/to-trinh-15.pdf", State: string(frame.Signed), At: "2026-11-27T15:40:00+07:00"},
		},
		Certificates: map[string]settings.Certificate{
			certificate(d.leader): {Picture: d.hand},
			certificate(d.seal):   {Picture: d.stamp, Diameter: 36},
		},
	}
}

// laidTable is made once for all pictures.
var laidTable = sync.OnceValues(func() (*table, error) {
	dir, err := os.MkdirTemp("", "antin-screens-")
	if err != nil {
		return nil, err
	}
	d := &table{dir: dir}
	d.in, d.out, d.pki, d.own, d.hand, d.stamp = d.at("vb"), d.at("di"), d.at("pki"), d.at("pki-2"), d.at("ky.png"), d.at("dau.png")
	for _, folder := range []string{d.in, d.out, d.pki, d.own} {
		if err := os.Mkdir(folder, 0o700); err != nil {
			return nil, err
		}
	}
	for name, pages := range map[string][]practice.ScanOptions{
		"quet.pdf":   {{DPI: 100, Lines: 6}, {DPI: 200, Skew: 3, Lines: 6}},
		"quet-2.pdf": {{DPI: 200, Lines: 8}},
	} {
		pdf, err := practice.ScanPDF(pages...)
		if err != nil {
			return nil, err
		}
		if err := os.WriteFile(d.at(name), pdf, 0o600); err != nil {
			return nil, err
		}
	}
	text := words.Vietnamese.Text
	authority, err := practice.NewAuthority(practice.AuthorityOptions{Key: practice.P256})
	if err != nil {
		return nil, err
	}
	var err1, err2 error
	d.leader, err1 = authority.Issue(practice.IdentityOptions{Name: text("demo.leader"), Units: []string{text("demo.unit")}, Organisation: text("demo.organisation"), Key: practice.P256})
	d.seal, err2 = authority.Issue(practice.IdentityOptions{Name: text("demo.organisation"), Key: practice.P256})
	hand, err3 := practice.SignaturePicture(text("demo.leader"), 1)
	round, err4 := practice.SealPicture(practice.SealOptions{})
	if err := errors.Join(err1, err2, err3, err4, authority.WriteFiles(d.own), os.WriteFile(d.hand, hand, 0o600), os.WriteFile(d.stamp, round, 0o600)); err != nil {
		return nil, err
	}
	for _, name := range []string{"qd-77.pdf", "tb-12.pdf", "qd-80.pdf"} {
		pdf, _, err := practice.Decision(practice.DecisionOptions{})
		if err := errors.Join(err, os.WriteFile(d.at(name), pdf, 0o600)); err != nil {
			return nil, err
		}
		if _, err := signer.Approve(context.Background(), signer.ApproveJob{Common: signer.Common{Source: d.at(name), Out: filepath.Join(d.out, name), Key: d.leader}, Picture: d.hand}, nil); err != nil {
			return nil, err
		}
	}
	return d, incoming.Make(d.in, d.pki)
})

// appears waits for a dialog that a goroutine shows.
func appears(t *testing.T, w *Window) {
	t.Helper()
	for end := time.Now().Add(5 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if w.modal() {
			return
		}
	}
	t.Fatal("no dialog came")
}
