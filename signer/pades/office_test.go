package pades_test

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"antin/signer/cms"
	"antin/signer/pades"
	"antin/signer/pdffile"
	"antin/signer/practice"
)

// office is the make-believe office of this test binary.
type office struct {
	authority    *practice.Authority
	leader, seal *practice.Identity
	anchors      string // PEM file for openssl
}

var theOffice = sync.OnceValues(func() (*office, error) {
	a, err := practice.NewAuthority(practice.AuthorityOptions{})
	if err != nil {
		return nil, err
	}
	o := &office{authority: a}
	if o.leader, err = a.Issue(practice.IdentityOptions{Name: "Nguyễn Văn Vĩnh Nghĩa", Organisation: "UBND xã Bình Minh", Key: practice.RSA2048}); err != nil {
		return nil, err
	}
	if o.seal, err = a.Issue(practice.IdentityOptions{Name: "Ủy ban nhân dân xã Bình Minh", Key: practice.P256}); err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "antin-pades-")
	if err != nil {
		return nil, err
	}
	o.anchors = filepath.Join(dir, "anchors.pem")
	pem := append(practice.CertificatePEM(a.Root), practice.CertificatePEM(a.Issuing)...)
	return o, os.WriteFile(o.anchors, pem, 0o600)
})

func newOffice(t testing.TB) *office {
	t.Helper()
	o, err := theOffice()
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func TestMain(m *testing.M) {
	code := m.Run()
	if o, err := theOffice(); err == nil {
		_ = os.RemoveAll(filepath.Dir(o.anchors))
	}
	os.Exit(code)
}

func open(t testing.TB, path, password string) *pdffile.File {
	t.Helper()
	f, err := pdffile.Open(path, pdffile.Options{Password: password})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

// write puts a document into a file of the test.
func write(t testing.TB, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "a.pdf")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// sign makes the next file from path.
func sign(t testing.TB, path, password string, q pades.Request) (string, error) {
	t.Helper()
	f := open(t, path, password)
	plan, err := pades.NewPlan(f, q)
	if err != nil {
		return "", err
	}
	out, err := os.Create(path + "+.pdf")
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	_, err = plan.Write(context.Background(), out, nil)
	return out.Name(), err
}

// judge asks every validator on the machine about a file with n signatures.
func (o *office) judge(t *testing.T, path, password string, n int) {
	t.Helper()
	f := open(t, path, password)
	sigs, err := f.Signatures()
	if err != nil {
		t.Fatal(err)
	}
	if len(sigs) != n {
		t.Fatalf("%d signatures, want %d", len(sigs), n)
	}
	opinions := []practice.Opinion{practice.QPDF(path, password), practice.PDFSig(path, password, n), practice.MuTool(path, password, n)}
	for _, s := range sigs {
		if s.Err != nil {
			t.Errorf("signature %q: %v", s.Field.Name, s.Err)
			continue
		}
		if _, err := cms.Parse(s.Contents); err != nil {
			t.Errorf("signature %q: %v", s.Field.Name, err)
			continue
		}
		opinions = append(opinions, practice.OpenSSLCMS(path, s.ByteRange, s.Contents, o.anchors))
	}
	for _, op := range opinions {
		if err := op.Error(); err != nil {
			t.Error(err)
		}
	}
}
