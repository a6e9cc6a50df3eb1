package trust_test

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"antin/signer/practice"
	"antin/signer/practice/machine"
	"antin/signer/trust"
)

func openVault(t testing.TB, dir string) *trust.Vault {
	t.Helper()
	v, err := trust.OpenVault(dir)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func write(t testing.TB, path string, b []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
}

// A stick with everything on it that an administrator may put there, and more.
func TestImport(t *testing.T) {
	o := newOffice(t, officeOptions{services: practice.ServicesOptions{Direct: true}, identity: practice.IdentityOptions{NoCRL: true}})
	got := anchored(o.Root).Check(t.Context(), o.chain(), time.Now(), o.fetch())
	if got.State != trust.Good || got.Evidence[0].Source != trust.FromAnswer {
		t.Fatal(got.Err)
	}
	crl, err := o.CRL()
	if err != nil {
		t.Fatal(err)
	}
	stick := t.TempDir()
	file := func(name string) string { return filepath.Join(stick, filepath.FromSlash(name)) }
	write(t, file("root.cer"), o.Root.Raw)
	write(t, file("a/chain.pem"), append(practice.CertificatePEM(o.Issuing), practice.CertificatePEM(o.Root)...))
	write(t, file("a/b/list.crl"), pem.EncodeToMemory(&pem.Block{Type: "X509 CRL", Bytes: crl}))
	write(t, file("answer.ors"), got.Evidence[0].DER)
	write(t, file("holder.cer"), o.good.Cert.Raw)
	write(t, file("broken.cer"), o.Root.Raw[:200])
	write(t, file("note.txt"), []byte("ngày mai họp"))
	write(t, file("empty"), nil)
	if err := os.Symlink(stick, file("circle")); err != nil {
		t.Logf("no circle of links in this test: %v", err)
	}
	film, err := os.Create(file("film.mp4"))
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(film.Truncate(10<<30), film.Close()); err != nil {
		t.Logf("no large file in this test: %v", err)
	}

	v := openVault(t, t.TempDir())
	in, err := v.Import(stick)
	if err != nil || in.Certificates != 2 || in.Lists != 1 || in.Answers != 1 || in.Known != 1 || in.Passed != 1 || len(in.Anchors) != 0 || len(in.Problems) != 0 {
		t.Fatalf("%+v %v", in, err)
	}
	if len(in.Roots) != 1 || !in.Roots[0].Equal(o.Root) {
		t.Fatalf("roots to ask about: %v", in.Roots)
	}
	chain, now := o.chain(), time.Now()
	if _, err := v.Store().Path(o.good.Cert, nil, now); !errors.Is(err, trust.ErrNoPath) {
		t.Errorf("an imported root is trusted unasked: %v", err)
	}
	if err := v.Trust(in.Roots[0]); err != nil {
		t.Fatal(err)
	}
	if c, err := v.Store().Path(o.good.Cert, nil, now); err != nil || len(c) != 3 {
		t.Errorf("trusted now: chain of %d, %v", len(c), err)
	}
	if st := v.Store().Revocation(chain[:2], now); st.State != trust.Good || st.Source != trust.FromAnswer {
		t.Errorf("the answer on the stick: %+v", st)
	}
	if again, err := v.Import(stick, file("note.txt")); err != nil || again.Known != 5 || again.Certificates+again.Lists+again.Answers != 0 || len(again.Problems) != 1 || !errors.Is(again.Problems[0], trust.ErrNothing) {
		t.Errorf("again: %+v %v", again, err)
	}
	if _, err := v.Import(file("missing")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no such file: %v", err)
	}

	var lines []string
	for _, e := range v.Entries() {
		if e.Problem != nil {
			t.Errorf("%+v", e)
		}
		if e.What == "CRL" && (e.Age(now).Round(time.Minute) != time.Hour || e.Outdated(now) || !e.Outdated(now.AddDate(0, 2, 0)) || e.Name != o.Issuing.Subject.CommonName) {
			t.Errorf("list: %+v", e)
		}
		lines = append(lines, e.What)
	}
	if got := strings.Join(lines, " "); got != "anchor certificate certificate CRL OCSP" {
		t.Errorf("entries: %s", got)
	}
	sum := sha256.Sum256(o.Root.Raw)
	if gone, err := v.Remove(hex.EncodeToString(sum[:])); err != nil || !gone {
		t.Errorf("removing the root: %v %v", gone, err)
	}
	if gone, err := v.Remove(strings.ToUpper(hex.EncodeToString(sum[:]))); err != nil || gone {
		t.Errorf("removing it again: %v %v", gone, err)
	}
	if _, err := v.Remove("x"); err == nil {
		t.Error("removing nothing sensible")
	}
	if v.Store().HasAnchors() {
		t.Error("still trusted")
	}
}

// openssl's bags are read, by name and in a folder.
func TestPKCS7(t *testing.T) {
	machine.Program(t, "openssl", "openssl")
	a, i := setup(t)
	dir := t.TempDir()
	if err := a.WriteFiles(dir); err != nil {
		t.Fatal(err)
	}
	for _, form := range []string{"DER", "PEM"} {
		bag := filepath.Join(t.TempDir(), "bag.p7b")
		out, err := exec.Command("openssl", "crl2pkcs7", "-certfile", filepath.Join(dir, "chain.pem"), "-in", filepath.Join(dir, "issuing.crl"), "-outform", form, "-out", bag).CombinedOutput()
		if err != nil {
			t.Fatal(err, string(out))
		}
		s, err := trust.Load(bag)
		if err != nil {
			t.Fatal(err)
		}
		chain, err := s.Path(i.Cert, nil, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		if st := s.Revocation(chain[:2], time.Now()); st.State != trust.Good {
			t.Errorf("%s: the list in the bag: %+v", form, st)
		}
	}
}

// What the network gave is there when the network is not.
func TestVaultKeepsWhatWasFetched(t *testing.T) {
	dir := t.TempDir()
	o := newOffice(t, officeOptions{services: practice.ServicesOptions{NoCheck: true}})
	v := openVault(t, dir)
	if err := v.Trust(o.Root); err != nil {
		t.Fatal(err)
	}
	layer := v.Store().Layer()
	chain, err := layer.Build(t.Context(), o.good.Cert, nil, time.Now(), o.fetch())
	if err != nil {
		t.Fatal(err)
	}
	if st := layer.Check(t.Context(), chain, time.Now(), o.fetch()); st.State != trust.Good {
		t.Fatal(st.Err)
	}
	s := openVault(t, dir).Store()
	if chain, err = s.Path(o.good.Cert, nil, time.Now()); err != nil {
		t.Fatal(err)
	}
	if st := s.Revocation(chain, time.Now()); st.State != trust.Good || st.Evidence[0].Source != trust.FromAnswer || st.Evidence[1].Source != trust.FromList {
		t.Errorf("from the vault: %v %+v", st.Err, st)
	}
	if p := v.Problems(); len(p) != 0 {
		t.Errorf("problems: %v", p)
	}
	// A vault that cannot be written costs the keeping, not the answer.
	gone := openVault(t, filepath.Join(t.TempDir(), "gone"))
	s = gone.Store()
	s.AddAnchor(o.Root)
	gone.MaxBytes = 100
	if st := s.Check(t.Context(), o.chain(), time.Now(), o.fetch()); st.State != trust.Good {
		t.Errorf("without the disk: %v", st.Err)
	}
	if p := gone.Problems(); len(p) != 2 || !errors.Is(p[0], trust.ErrFull) {
		t.Errorf("problems: %v", p)
	}
}

// One damaged file costs that file.
func TestDamagedVault(t *testing.T) {
	a, i := setup(t)
	crl, err := a.CRL()
	if err != nil {
		t.Fatal(err)
	}
	stick := filepath.Join(t.TempDir(), "stick")
	if err := a.WriteFiles(stick); err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	for name, damage := range map[string]func([]byte) []byte{
		"turned over": func(b []byte) []byte { b[len(b)/2] ^= 1; return b },
		"cut off":     func(b []byte) []byte { return b[:len(b)/2] },
		"empty":       func([]byte) []byte { return nil },
		"another":     func([]byte) []byte { return crl },
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			v := openVault(t, dir)
			if _, err := v.Import(stick); err != nil {
				t.Fatal(err)
			}
			if err := v.Trust(a.Root); err != nil {
				t.Fatal(err)
			}
			files, err := filepath.Glob(filepath.Join(dir, "lists", "*"))
			if err != nil || len(files) != 2 {
				t.Fatal(files, err)
			}
			bad := 0
			for _, f := range files {
				b, err := os.ReadFile(f)
				if err != nil {
					t.Fatal(err)
				}
				if l, err := x509.ParseRevocationList(b); err != nil || string(l.RawIssuer) != string(a.Issuing.RawSubject) {
					continue
				}
				write(t, f, damage(b))
				bad++
			}
			if bad != 1 {
				t.Fatalf("%d files damaged", bad)
			}
			s := openVault(t, dir).Store()
			chain, err := s.Path(i.Cert, nil, now)
			if err != nil {
				t.Fatal(err)
			}
			if st := s.Revocation(chain, now); !errors.Is(st.Err, trust.ErrNoData) || !st.Certificate.Equal(i.Cert) {
				t.Errorf("holder: %+v", st)
			}
			if st := s.Revocation(chain[1:], now); st.State != trust.Good {
				t.Errorf("the rest: %+v", st)
			}
			if p := s.Vault.Problems(); len(p) != 1 {
				t.Errorf("problems: %v", p)
			}
			damaged := 0
			for _, e := range v.Entries() {
				if e.Problem != nil {
					damaged++
				}
			}
			if damaged != 1 {
				t.Errorf("%d damaged entries", damaged)
			}
			// Importing again repairs it.
			if in, err := v.Import(stick); err != nil || in.Lists != 1 {
				t.Errorf("repair: %+v %v", in, err)
			}
			if st := openVault(t, dir).Store().Revocation(chain, now); st.State != trust.Good {
				t.Errorf("repaired: %+v", st)
			}
		})
	}
}

// A full vault lets its oldest lists go, and never a certificate.
func TestFullVault(t *testing.T) {
	dir := t.TempDir()
	v := openVault(t, dir)
	v.MaxBytes = 2000
	ca := newForge(t, "ca", nil, nil)
	if err := v.Trust(ca.Certificate); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "lists", ".new-12"), []byte("half a list")) // somebody else is writing
	write(t, filepath.Join(dir, "lists", "README"), []byte("not ours"))
	stick := t.TempDir()
	for n := range 20 {
		l := ca.list(t, x509.RevocationList{ThisUpdate: time.Now().Add(time.Duration(n-100) * time.Hour)})
		write(t, filepath.Join(stick, "x.crl"), l.Raw)
		if in, err := v.Import(stick); err != nil || in.Lists != 1 || len(in.Problems) != 0 {
			t.Fatalf("%+v %v", in, err)
		}
		files, err := filepath.Glob(filepath.Join(dir, "lists", "*.crl"))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files { // clocks of file systems are coarse
			info, err := os.Stat(f)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.Chtimes(f, time.Time{}, info.ModTime().Add(-time.Second)); err != nil {
				t.Fatal(err)
			}
		}
	}
	var total int64
	newest := time.Time{}
	for _, e := range v.Entries() {
		total += e.Size
		if e.ThisUpdate.After(newest) {
			newest = e.ThisUpdate
		}
	}
	if total > 2000 || total < 1000 || !v.Store().HasAnchors() || time.Since(newest).Round(time.Hour) != 81*time.Hour {
		t.Errorf("%d bytes, newest list %v", total, newest)
	}
	v.MaxBytes = 10
	if err := v.Trust(newForge(t, "ca", nil, nil).Certificate); !errors.Is(err, trust.ErrFull) {
		t.Errorf("no room: %v", err)
	}
	for _, name := range []string{".new-12", "README"} {
		if _, err := os.Stat(filepath.Join(dir, "lists", name)); err != nil {
			t.Errorf("somebody else's file: %v", err)
		}
	}
	if leftovers, _ := filepath.Glob(filepath.Join(dir, "*", ".new-*")); len(leftovers) != 1 {
		t.Errorf("left behind: %v", leftovers)
	}
}
