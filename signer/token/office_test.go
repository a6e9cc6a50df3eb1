package token

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"math/big"
	"os"
	"sync"
	"testing"
	"time"

	"antin/signer/cms"
	"antin/signer/practice"
	"antin/signer/worker"
)

const pin = "246810"

// office is a set of tokens as they lie on desks, and oddities.
type office struct {
	module, conf string
	keys         [10]crypto.Signer

	root, sub           *x509.Certificate
	an, anOld, ubnd     *x509.Certificate // RSA-2048 (renewed on the same key), RSA-3072
	phuc, tuyet         *x509.Certificate // P-256, P-384
	bare, bareEC, nokey *x509.Certificate // no CKA_ID; certificate without key
	reauth, lone        *x509.Certificate
	other               *x509.Certificate // the key under its CKA_ID is another certificate's
}

var (
	officeDir  string
	openOffice = sync.OnceValues(buildOffice)
)

// desks returns the office; it is made once and only read.
func desks(t testing.TB) *office {
	t.Helper()
	o, err := openOffice()
	if err != nil {
		t.Fatalf("the tests need SoftHSM 2 and OpenSC's pkcs11-tool (packaging/setup-debian.sh installs them): %v", err)
	}
	return o
}

func (o *office) driver(t testing.TB) *Driver {
	t.Helper()
	return o.driverFor(t, o.module)
}

func (o *office) driverFor(t testing.TB, module string, env ...string) *Driver {
	t.Helper()
	d := Open(module, worker.Options{Env: worker.CleanEnv(append(env, "SOFTHSM2_CONF="+o.conf)...)})
	t.Cleanup(func() { d.Close() })
	return d
}

// token lists the driver's tokens and picks one by label.
func token(t testing.TB, d *Driver, label string) Token {
	t.Helper()
	tokens, err := d.Tokens(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var labels []string
	for _, tok := range tokens {
		if tok.Label == label {
			return tok
		}
		labels = append(labels, tok.Label)
	}
	t.Fatalf("no token %q among %q", label, labels)
	return Token{}
}

func buildOffice() (*office, error) {
	var o office
	var err error
	if o.module, err = practice.SoftHSMModule(); err != nil {
		return nil, err
	}
	if officeDir, err = os.MkdirTemp("", "antin-token-"); err != nil {
		return nil, err
	}
	keys := &o.keys
	var errs [len(o.keys)]error
	var wg sync.WaitGroup
	for i, make := range []func() (crypto.Signer, error){
		0: rsaKey(2048), 1: rsaKey(2048), 2: rsaKey(2048), 3: rsaKey(3072), 4: rsaKey(2048),
		5: ecKey(elliptic.P256()), 6: ecKey(elliptic.P384()), 7: ecKey(elliptic.P256()), 8: ecKey(elliptic.P256()),
		9: rsaKey(2048),
	} {
		wg.Go(func() { keys[i], errs[i] = make() })
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	year := 365 * 24 * time.Hour
	ca := func(cn string, key crypto.Signer, by *x509.Certificate, byKey crypto.Signer) *x509.Certificate {
		return issue(cn, key.Public(), by, byKey, true, time.Now().Add(-year), 10*year)
	}
	o.root = ca("Gốc thử", keys[0], nil, keys[0])
	o.sub = ca("CA thử", keys[0], o.root, keys[0])
	person := func(cn string, key crypto.Signer) *x509.Certificate {
		return issue(cn, key.Public(), o.sub, keys[0], false, time.Now().Add(-time.Hour), year)
	}
	o.an = person("Nguyễn Văn An", keys[1])
	o.anOld = issue("Nguyễn Văn An", keys[1].Public(), o.sub, keys[0], false, time.Now().Add(-year), 30*24*time.Hour)
	o.ubnd = person("UBND xã Bình Minh", keys[3])
	o.phuc, o.tuyet = person("Lê Hoàng Phúc", keys[5]), person("Đặng Thị Ánh Tuyết", keys[6])
	o.bare, o.bareEC, o.nokey = person("Vũ Thị Không Mã", keys[2]), person("Hồ Đường Cong", keys[7]), person("Không Khoá", keys[0])
	o.reauth = person("Ngô Văn Xác Thực Lại", keys[4])
	o.lone = person("Một Mình", keys[8])
	o.other = person("Nhầm Khoá", keys[0])

	for _, tok := range []struct {
		label   string
		entries []practice.SoftTokenEntry
	}{
		{"Nguyễn Văn An", []practice.SoftTokenEntry{
			{Certificate: o.anOld, ID: []byte{0xa0, 1}, Label: "cũ"},
			{Key: keys[1], Certificate: o.an, ID: []byte{0xa0, 1}, Label: "mới", Chain: []*x509.Certificate{o.sub, o.root}},
		}},
		{"UBND xã Bình Minh", []practice.SoftTokenEntry{{Key: keys[3], Certificate: o.ubnd, ID: []byte{0xb0, 1}, Label: "con dấu"}}},
		{"Token EC", []practice.SoftTokenEntry{
			{Key: keys[5], Certificate: o.phuc, ID: []byte{0xc0, 1}, Label: "P-256"},
			{Key: keys[6], Certificate: o.tuyet, ID: []byte{0xc0, 2}, Label: "P-384"},
		}},
		{"Token dị biệt", []practice.SoftTokenEntry{
			{Key: keys[2], Certificate: o.bare, Label: "không mã"},
			{Key: keys[7], Certificate: o.bareEC, Label: "không mã EC"},
			{Certificate: o.nokey, ID: []byte{0xe0, 1}, Label: "không khoá"},
		}},
		{"Token xác thực lại", []practice.SoftTokenEntry{{Key: keys[4], Certificate: o.reauth, ID: []byte{0xf0, 1}, AlwaysAuthenticate: true}}},
		{"Token nhập sai", []practice.SoftTokenEntry{{Key: keys[8], Certificate: o.lone, ID: []byte{0xaa}, Label: "một mình"}}},
		{"Token đổi PIN", []practice.SoftTokenEntry{{Key: keys[8], Certificate: o.lone, ID: []byte{0xcc}, Label: "đổi PIN"}}},
		{"Token nhầm khoá", []practice.SoftTokenEntry{
			{Key: keys[9], ID: []byte{0xbb}, Label: "khoá"},
			{Certificate: o.other, ID: []byte{0xbb}, Label: "chứng thư"},
		}},
		{"Token trống", nil},
	} {
		if o.conf, err = practice.NewSoftToken(officeDir, tok.label, pin, tok.entries...); err != nil {
			return nil, err
		}
	}
	return &o, nil
}

func rsaKey(bits int) func() (crypto.Signer, error) {
	return func() (crypto.Signer, error) { return rsa.GenerateKey(rand.Reader, bits) }
}

func ecKey(c elliptic.Curve) func() (crypto.Signer, error) {
	return func() (crypto.Signer, error) { return ecdsa.GenerateKey(c, rand.Reader) }
}

// issue makes a certificate; by nil means self-signed.
func issue(cn string, key crypto.PublicKey, by *x509.Certificate, byKey crypto.Signer, ca bool, from time.Time, life time.Duration) *x509.Certificate {
	serial, err := rand.Int(rand.Reader, big.NewInt(1<<62))
	if err != nil {
		panic(err)
	}
	c := &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: cn, Country: []string{"VN"}},
		NotBefore: from, NotAfter: from.Add(life),
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment, BasicConstraintsValid: true, IsCA: ca,
	}
	if ca {
		c.KeyUsage = x509.KeyUsageCertSign
	}
	if by == nil {
		by = c
	}
	der, err := x509.CreateCertificate(rand.Reader, c, by, key, byKey)
	if err != nil {
		panic(fmt.Sprintf("issuing %q: %v", cn, err))
	}
	x, err := x509.ParseCertificate(der)
	if err != nil {
		panic(err)
	}
	return x
}

// attributes is what a document signature with cert signs.
func attributes(cert *x509.Certificate, h crypto.Hash) []byte {
	digest := h.New()
	digest.Write([]byte("Quyết định số 121/QĐ-UBND"))
	b, err := cms.Profile{Certificate: cert, Hash: h}.SignedAttributes(digest.Sum(nil))
	if err != nil {
		panic(err)
	}
	return b
}
