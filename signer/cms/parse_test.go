package cms_test

import (
	"bytes"
	"crypto"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"antin/signer/cms"
	"antin/signer/practice"
)

func TestParseBER(t *testing.T) {
	o := theOffice(t)
	document := []byte("document")
	der := sign(t, o.holder(t, practice.RSA2048), cms.Profile{}, document)
	m := message{tree(t, der)}
	if !bytes.Equal(m.der(), der) {
		t.Fatal("the tree does not give the bytes back")
	}
	certs := m.certificates()
	for name, keep := range map[string]func(*node) bool{
		"everything but certificates": func(n *node) bool { return n == certs },
		"attributes as DER":           func(n *node) bool { return n == certs || n == m.attrs() },
	} {
		t.Run(name, func(t *testing.T) {
			ber := append(m.ber(keep), make([]byte, 100)...)
			s, err := cms.Parse(ber)
			if err != nil {
				t.Fatal(err)
			}
			if !s.BER || s.Padding != 100 || !bytes.Equal(s.Raw, der) {
				t.Errorf("BER %v, padding %d, DER form equal %v", s.BER, s.Padding, bytes.Equal(s.Raw, der))
			}
			if _, err := s.Verify(digest(crypto.SHA256, document)); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestParseRefusals(t *testing.T) {
	der := sign(t, theOffice(t).holder(t, practice.P256), cms.Profile{}, nil)
	long := message{tree(t, der)}
	long.digestOID().content = bytes.Repeat([]byte{1}, 1<<20)
	deep := bytes.Repeat([]byte{0x30, 0x80}, 5000)
	other := message{tree(t, der)}
	other.at(0).content = oidContent(1, 2, 840, 113549, 1, 7, 3) // enveloped data
	for _, c := range []struct {
		name string
		in   []byte
		want error
	}{
		{"nothing", nil, cms.ErrMalformed},
		{"zeros", make([]byte, 64), cms.ErrMalformed},
		{"text", []byte("-----BEGIN CMS-----"), cms.ErrMalformed},
		{"another type", other.der(), cms.ErrMalformed},
		{"identifier of a megabyte", long.der(), cms.ErrMalformed},
		{"byte after the end", append(bytes.Clone(der), 0, 0, 1), cms.ErrTrailingBytes},
		{"two in a row", append(bytes.Clone(der), der...), cms.ErrTrailingBytes},
		{"nested too deep", deep, cms.ErrMalformed},
		{"closed nested too deep", append(deep, make([]byte, len(deep))...), cms.ErrMalformed},
		{"enormous length", []byte{0x30, 0x88, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, cms.ErrMalformed},
		{"too much", make([]byte, 17<<20), cms.ErrMalformed},
		{"a million empty values", wrap(0x30, bytes.Repeat([]byte{5, 0}, 2<<20)), cms.ErrMalformed},
	} {
		t.Run(c.name, func(t *testing.T) {
			if s, err := cms.Parse(c.in); s != nil || !errors.Is(err, c.want) {
				t.Errorf("got %v, %v; want %v", s, err, c.want)
			}
		})
	}
	for n := range der {
		if _, err := cms.Parse(der[:n]); !errors.Is(err, cms.ErrMalformed) {
			t.Fatalf("cut after %d of %d bytes: %v", n, len(der), err)
		}
	}
}

// Every single changed byte of the signed part is noticed.
func TestVerifyNoticesEveryByte(t *testing.T) {
	o := theOffice(t)
	i := o.holder(t, practice.P256)
	document := []byte("document")
	der := sign(t, i, cms.Profile{}, document)
	m := message{tree(t, der)}
	from := bytes.Index(der, m.attrs().der())
	for at := from; at < len(der); at++ {
		s, err := cms.Parse(flip(der, at))
		if err != nil {
			continue
		}
		if _, err := s.Verify(digest(crypto.SHA256, document)); err == nil {
			t.Errorf("byte %d (%d after the start of the attributes) was changed unnoticed", at, at-from)
		}
	}
}

func TestVerifyRefusals(t *testing.T) {
	o := theOffice(t)
	i := o.holder(t, practice.RSA2048)
	document := []byte("document")
	good := digest(crypto.SHA256, document)
	der := sign(t, i, cms.Profile{}, document)
	twin, err := o.Issue(practice.IdentityOptions{Name: "Kẻ mạo danh THỰC HÀNH", Serial: i.Certificate().SerialNumber, Key: practice.P256})
	if err != nil {
		t.Fatal(err)
	}
	attr := func(m message, oid ...int) *node {
		k := slices.IndexFunc(m.attrs().kids, func(n *node) bool { return bytes.Equal(n.at(0).content, oidContent(oid...)) })
		return m.attrs().kids[k]
	}
	without := func(m message, oid ...int) {
		a := attr(m, oid...)
		m.attrs().kids = slices.DeleteFunc(m.attrs().kids, func(n *node) bool { return n == a })
	}
	for _, c := range []struct {
		name   string
		change func(m message)
		digest []byte
		want   error
	}{
		{"unchanged", func(message) {}, good, nil},
		{"no signer", func(m message) { m.signers().kids = nil }, good, cms.ErrSignerCount},
		{"two signers", func(m message) { m.signers().kids = append(m.signers().kids, m.signers().kids[0]) }, good, cms.ErrSignerCount},
		{"other document", func(message) {}, digest(crypto.SHA256, nil), cms.ErrDigestMismatch},
		{"signature value", func(m message) { m.signature().content = flip(m.signature().content, 9) }, good, cms.ErrSignatureMismatch},
		{"certificate removed", func(m message) { m.certificates().kids = m.certificates().kids[1:] }, good, cms.ErrNoSignerCertificate},
		{"no certificates", func(m message) { m.signedData().kids = slices.Delete(m.signedData().kids, 3, 4) }, good, cms.ErrNoSignerCertificate},
		{"twin with the same serial number", func(m message) { m.certificates().kids[0] = tree(t, twin.Certificate().Raw) }, good, cms.ErrCertificateMismatch},
		{"attribute repeated", func(m message) {
			m.attrs().kids = append(m.attrs().kids, attr(m, 1, 2, 840, 113549, 1, 9, 4))
		}, good, cms.ErrAttributes},
		{"two values", func(m message) {
			values := attr(m, 1, 2, 840, 113549, 1, 9, 4).at(1)
			values.kids = append(values.kids, values.kids[0])
		}, good, cms.ErrAttributes},
		{"no message-digest", func(m message) { without(m, 1, 2, 840, 113549, 1, 9, 4) }, good, cms.ErrAttributes},
		{"no content-type", func(m message) { without(m, 1, 2, 840, 113549, 1, 9, 3) }, good, cms.ErrAttributes},
		{"content type of a time-stamp", func(m message) { m.encapsulated().at(0).content = oidContent(1, 2, 840, 113549, 1, 9, 16, 1, 4) }, good, cms.ErrAttributes},
		{"no attributes", func(m message) { m.signers().at(0).kids = slices.Delete(m.signers().at(0).kids, 3, 4) }, good, cms.ErrSignatureMismatch},
		{"ESS removed", func(m message) { without(m, 1, 2, 840, 113549, 1, 9, 16, 2, 47) }, good, cms.ErrSignatureMismatch},
		{"digest algorithm", func(m message) { m.digestOID().content = oidContent(2, 16, 840, 1, 101, 3, 4, 2, 3) }, good, cms.ErrAlgorithm},
		{"unknown digest algorithm", func(m message) { m.digestOID().content = oidContent(2, 16, 840, 1, 101, 3, 4, 2, 99) }, good, cms.ErrAlgorithm},
		{"signature algorithm with another hash", func(m message) { m.signatureAlg().at(0).content = oidContent(1, 2, 840, 113549, 1, 1, 12) }, good, cms.ErrAlgorithm},
		{"signature algorithm not the protected one", func(m message) { m.signatureAlg().at(0).content = oidContent(1, 2, 840, 113549, 1, 1, 1) }, good, cms.ErrAlgorithm},
		{"ECDSA", func(m message) {
			m.signatureAlg().at(0).content = oidContent(1, 2, 840, 10045, 4, 3, 2)
			without(m, 1, 2, 840, 113549, 1, 9, 52)
		}, good, cms.ErrKeyType},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := message{tree(t, der)}
			c.change(m)
			s, err := cms.Parse(m.der())
			if err != nil {
				t.Fatal(err)
			}
			if _, err := s.Verify(c.digest); !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
		})
	}
}

// The twin certificate lies in front of the true one: ESS decides.
func TestSignerBehindATwin(t *testing.T) {
	o := theOffice(t)
	i := o.holder(t, practice.P384)
	twin, err := o.Issue(practice.IdentityOptions{Name: "Kẻ mạo danh THỰC HÀNH", Serial: i.Certificate().SerialNumber, Key: practice.P256})
	if err != nil {
		t.Fatal(err)
	}
	m := message{tree(t, sign(t, i, cms.Profile{}, nil))}
	m.certificates().kids = slices.Insert(m.certificates().kids, 0, tree(t, twin.Certificate().Raw))
	m.certificates().kids = append(m.certificates().kids, &node{tag: 0x30, content: []byte{5, 0}}, &node{tag: 0xa1, content: []byte{5, 0}})
	s, err := cms.Parse(m.der())
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Unparsed) != 2 || len(s.Certificates) != 3 {
		t.Errorf("%d certificates, %d unparsed; want 3 and 2", len(s.Certificates), len(s.Unparsed))
	}
	if cert, err := s.Signer(); err != nil || !cert.Equal(i.Certificate()) {
		t.Errorf("signer %v, %v", cert, err)
	}
	// A certificate from elsewhere helps when the message has none.
	m.signedData().kids = slices.Delete(m.signedData().kids, 3, 4)
	if s, err = cms.Parse(m.der()); err != nil {
		t.Fatal(err)
	}
	if cert, err := s.Signer(o.Issuing, i.Certificate()); err != nil || !cert.Equal(i.Certificate()) {
		t.Errorf("signer among extra certificates: %v, %v", cert, err)
	}
}

// Attributes out of order occur in two kinds: signed as sorted, as BouncyCastle
// does, and signed as stored, as simple programs do. Both verify, and Sorted
// tells.
func TestUnsortedAttributes(t *testing.T) {
	o := theOffice(t)
	i := o.holder(t, practice.RSA2048)
	document := []byte("document")
	m := message{tree(t, sign(t, i, cms.Profile{}, document))}
	sorted := m.attrs().der()
	slices.Reverse(m.attrs().kids)
	stored := m.attrs().der()
	stored[0] = 0x31
	value, err := i.Sign(t.Context(), stored, crypto.SHA256, cms.PKCS1v15)
	if err != nil {
		t.Fatal(err)
	}
	for name, signature := range map[string][]byte{"signed as sorted": m.signature().content, "signed as stored": value} {
		m.signature().content = signature
		s, err := cms.Parse(m.der())
		if err != nil {
			t.Fatal(err)
		}
		si := s.Signers[0]
		if si.Sorted || !bytes.Equal(si.SignedAttrs, stored) || !bytes.Equal(si.SignedAttrsDER()[1:], sorted[1:]) {
			t.Errorf("%s: sorted %v", name, si.Sorted)
		}
		if _, err := s.Verify(digest(crypto.SHA256, document)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// What openssl writes in its many ways is read and verified.
func TestParseOpenSSL(t *testing.T) {
	o := theOffice(t)
	rsa, ec := o.holder(t, practice.RSA2048), o.holder(t, practice.P256)
	document := []byte("văn bản THỰC HÀNH")
	for _, c := range []struct {
		name  string
		i     *practice.Identity
		args  []string
		check func(s *cms.SignedData) error
	}{
		{"plain", rsa, nil, func(s *cms.SignedData) error {
			if got := s.Signers[0].SigningTime; time.Since(got).Abs() > time.Minute {
				return fmt.Errorf("signing-time %v", got)
			}
			return nil
		}},
		{"CAdES", ec, []string{"-cades"}, func(s *cms.SignedData) error {
			if !s.Signers[0].Identified() {
				return errors.New("no ESS attribute")
			}
			return nil
		}},
		{"SHA-1", rsa, []string{"-md", "sha1"}, func(s *cms.SignedData) error {
			if !s.Signers[0].Weak(nil) {
				return errors.New("SHA-1 is not weak")
			}
			return nil
		}},
		{"SHA-1 with a curve", ec, []string{"-md", "sha1"}, nil},
		{"MD5", rsa, []string{"-md", "md5"}, nil},
		{"SHA-512", ec, []string{"-md", "sha512"}, nil},
		{"key identifier", rsa, []string{"-keyid"}, func(s *cms.SignedData) error {
			if s.Signers[0].SubjectKeyID == nil || s.Signers[0].Serial != nil {
				return errors.New("no key identifier")
			}
			return nil
		}},
		{"no attributes", rsa, []string{"-noattr"}, func(s *cms.SignedData) error {
			if s.Signers[0].SignedAttrs != nil {
				return errors.New("attributes")
			}
			return nil
		}},
		{"PSS", rsa, []string{"-keyopt", "rsa_padding_mode:pss"}, nil},
		{"PSS, SHA-384, salt 20", rsa, []string{"-md", "sha384", "-keyopt", "rsa_padding_mode:pss", "-keyopt", "rsa_pss_saltlen:20"}, nil},
		{"PSS defaults", rsa, []string{"-md", "sha1", "-keyopt", "rsa_padding_mode:pss", "-keyopt", "rsa_pss_saltlen:20"}, nil},
		{"attached, streamed BER", rsa, []string{"-nodetach", "-stream"}, func(s *cms.SignedData) error {
			if !s.BER || !bytes.Equal(s.Content, document) {
				return fmt.Errorf("BER %v, content %q", s.BER, s.Content)
			}
			return nil
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			if err := c.i.WriteFiles(dir, "signer"); err != nil {
				t.Fatal(err)
			}
			args := append([]string{"cms", "-sign", "-binary", "-outform", "DER", "-in", "doc", "-signer", dir + "/signer.pem", "-inkey", dir + "/signer.key.pem"}, c.args...)
			out, err := openssl(t, map[string][]byte{"doc": document}, args...)
			if err != nil {
				t.Fatalf("openssl cms -sign: %v\n%s", err, out)
			}
			s, err := cms.Parse([]byte(out))
			if err != nil {
				t.Fatal(err)
			}
			h := s.Signers[0].Digest
			if cert, err := s.Verify(digest(h, document)); err != nil || !cert.Equal(c.i.Certificate()) {
				t.Errorf("verify: %v", err)
			}
			if _, err := s.Verify(digest(h, []byte("khác"))); err == nil {
				t.Error("another document verifies")
			}
			if c.check != nil {
				if err := c.check(s); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

// PSS parameters that crypto/rsa would not honour are refused, not ignored.
func TestPSSParameters(t *testing.T) {
	i := theOffice(t).holder(t, practice.RSA2048)
	der := sign(t, i, cms.Profile{Scheme: cms.PSS}, nil)
	for name, change := range map[string]func(params *node){
		"other salt":            func(p *node) { p.at(2, 0).content = []byte{20} },
		"no salt":               func(p *node) { p.at(2, 0).content = []byte{0} },
		"negative salt":         func(p *node) { p.at(2, 0).content = []byte{0xff} },
		"other mask hash":       func(p *node) { p.at(1, 0, 1, 0).content = oidContent(2, 16, 840, 1, 101, 3, 4, 2, 3) },
		"other mask generation": func(p *node) { p.at(1, 0, 0).content = oidContent(1, 2, 3) },
		"defaults":              func(p *node) { p.kids = nil },
		"other trailer":         func(p *node) { p.kids = append(p.kids, &node{tag: 0xa3, kids: []*node{{tag: 2, content: []byte{2}}}}) },
	} {
		m := message{tree(t, der)}
		change(m.signatureAlg().at(1))
		s, err := cms.Parse(m.der())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Verify(digest(crypto.SHA256, nil)); !errors.Is(err, cms.ErrAlgorithm) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
