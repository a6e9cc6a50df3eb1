package practice

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestNewSoftToken(t *testing.T) {
	dir := t.TempDir()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Nguyễn Văn An"}, SubjectKeyId: []byte{0xca},
		NotBefore: time.Now(), NotAfter: time.Now().Add(time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	first, err := NewSoftToken(dir, "Nguyễn Văn An", "123456", SoftTokenEntry{
		Key: key, Certificate: cert, ID: []byte{0xa0, 1}, Label: "ký", Chain: []*x509.Certificate{cert}, AlwaysAuthenticate: true,
	})
	if err != nil {
		t.Fatalf("(packaging/setup-debian.sh installs what this test needs) %v", err)
	}
	second, err := NewSoftToken(dir, "Văn thư", "654321", SoftTokenEntry{Certificate: cert, Label: "không mã"})
	if err != nil {
		t.Fatal(err)
	}
	if first != second {
		t.Errorf("configurations %q and %q, want the same", first, second)
	}
	module, err := SoftHSMModule()
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		label, pin string
		want       []string
	}{
		{"Nguyễn Văn An", "123456", []string{"Private Key Object", "Public Key Object", "always authenticate", "label:      ký", "a001", "ID:         ca"}},
		{"Văn thư", "654321", []string{"Certificate Object", "label:      không mã"}},
	} {
		cmd := exec.Command("pkcs11-tool", "--module", module, "--token-label", tc.label, "--login", "--pin", tc.pin, "--list-objects")
		cmd.Env = append(os.Environ(), "SOFTHSM2_CONF="+first)
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Errorf("listing %q: %v: %s", tc.label, err, out)
		}
		for _, want := range tc.want {
			if !strings.Contains(string(out), want) {
				t.Errorf("token %q lacks %q:\n%s", tc.label, want, out)
			}
		}
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "work*")); len(left) > 0 {
		t.Errorf("private keys are left in %v", left)
	}
	if _, err := NewSoftToken(dir, strings.Repeat("ề", 11), "123456"); err == nil {
		t.Error("a label of 33 bytes was accepted")
	}
}

func TestMissingToolIsNamed(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	_, err := NewSoftToken(t.TempDir(), "x", "123456")
	if !errors.Is(err, ErrNoSoftHSM) || !strings.Contains(err.Error(), "install the package") {
		t.Errorf("error %v, want ErrNoSoftHSM with the package", err)
	}
}
