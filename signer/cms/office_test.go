package cms_test

import (
	"context"
	"crypto"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"antin/signer/cms"
	"antin/signer/practice"
	"antin/signer/practice/machine"
)

// office is what all tests of this package share: keys cost seconds.
type office struct {
	*practice.Authority
	mu      sync.Mutex
	holders map[practice.KeyKind]*practice.Identity
}

var newOffice = sync.OnceValues(func() (*office, error) {
	a, err := practice.NewAuthority(practice.AuthorityOptions{Key: practice.P256})
	return &office{Authority: a, holders: map[practice.KeyKind]*practice.Identity{}}, err
})

func theOffice(t testing.TB) *office {
	t.Helper()
	o, err := newOffice()
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// holder is the one identity of this test run with such a key.
func (o *office) holder(t testing.TB, k practice.KeyKind) *practice.Identity {
	t.Helper()
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.holders[k] == nil {
		i, err := o.Issue(practice.IdentityOptions{
			Name: "Nguyễn Thị Ánh Nghĩa", Organisation: "ỦY BAN NHÂN DÂN TỈNH THỰC HÀNH",
			Units: []string{"Ủy ban nhân dân xã Vĩnh Thực Hành", "Văn phòng"}, Locality: "Tỉnh Thực Hành", Mail: "nghia@thuchanh.example", Key: k,
		})
		if err != nil {
			t.Fatal(err)
		}
		o.holders[k] = i
	}
	return o.holders[k]
}

func digest(h crypto.Hash, b []byte) []byte {
	d := h.New()
	d.Write(b)
	return d.Sum(nil)
}

// sign makes a whole SignedData over document.
func sign(t testing.TB, i *practice.Identity, p cms.Profile, document []byte) []byte {
	t.Helper()
	p.Certificate, p.Chain = i.Certificate(), i.Chain()
	attrs, err := p.SignedAttributes(digest(p.Digest(), document))
	if err != nil {
		t.Fatal(err)
	}
	scheme, err := p.Scheme.For(p.Certificate)
	if err != nil {
		t.Fatal(err)
	}
	value, err := i.Sign(context.Background(), attrs, p.Digest(), scheme)
	if err != nil {
		t.Fatal(err)
	}
	if err := cms.CheckSignature(p.Certificate, p.Scheme, p.Digest(), attrs, value); err != nil {
		t.Fatal(err)
	}
	der, err := p.SignedData(attrs, value, nil)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

// openssl runs the oracle on files of the given contents, which stand for their
// names among the arguments.
func openssl(t testing.TB, files map[string][]byte, args ...string) (string, error) {
	t.Helper()
	exe := machine.Program(t, "openssl", "openssl")
	dir := t.TempDir()
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command(exe, args...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	return string(out), err
}
