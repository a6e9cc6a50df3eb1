package vcard_test

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"math/big"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"antin/signer/practice/machine"
	"antin/signer/practice/vcard"
)

// TestMain shows how a program embeds the host.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == vcard.HostCommand {
		os.Exit(vcard.Host(os.Args[2:]))
	}
	os.Exit(m.Run())
}

// Other people's tool sees the card come, its certificate, and the card go.
func TestCardInReader(t *testing.T) {
	machine.Program(t, "pkcs11-tool", "opensc")
	module, err := vcard.OpenSC()
	if err != nil {
		machine.Lacks(t, err)
	}
	dir, err := os.MkdirTemp("", "vcard-")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	r, err := vcard.Start(dir)
	if errors.Is(err, vcard.ErrUnavailable) {
		machine.Lacks(t, err)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	}()

	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now(), NotAfter: time.Now().Add(time.Hour), KeyUsage: x509.KeyUsageDigitalSignature,
	}
	template.Subject.CommonName = "Thực hành"
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	card := vcard.New("123456", vcard.Key{Slot: vcard.Authentication, Certificate: cert, Private: key})

	tool := func(args ...string) string {
		cmd := exec.Command("pkcs11-tool", append([]string{"--module", module}, args...)...)
		cmd.Env = append(os.Environ(), r.Env())
		out, _ := cmd.CombinedOutput() // fails when there is no token, as it says
		return string(out)
	}
	if out := tool("-L"); strings.Contains(out, "token label") {
		t.Errorf("before the card was inserted: %s", out)
	}
	if err := r.Insert(card); err != nil {
		t.Fatal(err)
	}
	out := ""
	for deadline := time.Now().Add(5 * time.Second); time.Now().Before(deadline) && !strings.Contains(out, "Thực hành"); {
		out = tool("-O", "--type", "cert")
	}
	if !strings.Contains(out, "Thực hành") && !strings.Contains(out, "Certificate for PIV Authentication") {
		t.Errorf("certificate is not listed: %s", out)
	}
	if out := tool("-l", "-p", "999999", "-O"); !strings.Contains(out, "CKR_PIN_INCORRECT") || card.Tries() != 2 || card.Asked() != 1 {
		t.Errorf("wrong PIN: %d tries left, %d asked: %s", card.Tries(), card.Asked(), out)
	}
	r.Remove()
	time.Sleep(time.Second)
	if out := tool("-L"); strings.Contains(out, "token label") {
		t.Errorf("after the card was removed: %s", out)
	}
	if !bytes.Equal(card.ATR(), []byte{0x3b, 0x80, 0x80, 0x01, 0x01}) {
		t.Errorf("ATR %x", card.ATR())
	}
}
