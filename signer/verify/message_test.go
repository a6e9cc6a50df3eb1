package verify_test

import (
	"bytes"
	"context"
	"crypto"
	"crypto/x509"
	"encoding/asn1"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"antin/signer/cms"
	"antin/signer/pades"
	"antin/signer/pdffile"
	"antin/signer/practice"
	"antin/signer/verify"
)

// issue makes another holder; with a key it is the same person's second certificate.
func issue(t testing.TB, a *practice.Authority, o practice.IdentityOptions) *practice.Identity {
	t.Helper()
	if o.Name == "" {
		o.Name = "Người Khác"
	}
	o.Key = practice.P256
	i, err := a.Issue(o)
	if err != nil {
		t.Fatal(err)
	}
	return i
}

func newAuthority(t testing.TB, o practice.AuthorityOptions) *practice.Authority {
	t.Helper()
	o.Key = practice.P256
	a, err := practice.NewAuthority(o)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// The message in /Contents, which no signature protects, is exchanged.
func TestMessage(t *testing.T) {
	o := theOffice(t)
	f := newFrame(t, blank(), nil)
	digest := f.digest(crypto.SHA256)
	usual := profileOf(o.leader)
	good := message(t, o.leader, usual, digest)
	put := func(der []byte) func(testing.TB) []byte {
		return func(t testing.TB) []byte { return f.put(t, der) }
	}
	damaged := func(change func(parts [][]byte)) []byte { return takeApart(t, good, change) }
	impostor := issue(t, newAuthority(t, practice.AuthorityOptions{}), practice.IdentityOptions{Name: "Trần Vĩnh Nghĩa"})
	renewed := issue(t, o.Authority, practice.IdentityOptions{Signer: o.leader.Signer})
	attrs, value := signedParts(t, o.leader, usual, digest)
	otherSigner := cms.Profile{Certificate: renewed.Certificate(), Chain: renewed.Chain()}
	altered := bytes.Clone(value)
	altered[len(altered)-3] ^= 1
	flipped := bytes.Clone(digest)
	flipped[0] ^= 1
	outer := inside(t, good)
	indefinite := append(append([]byte{0x30, 0x80}, bytes.Join(outer, nil)...), 0, 0)
	none := func(name string, der []byte, i verify.Indication, sub verify.SubIndication) attack {
		v := verify.Invalid
		if i == verify.Indeterminate {
			v = verify.Undecided
		}
		return attack{name, put(der), v, i, sub, ""}
	}
	run(t, []attack{
		{"as it should be", put(good), verify.Valid, "", "", ""},
		{"of indefinite length (BER)", put(indefinite), verify.Valid, "", "", ""},
		none("no message", nil, verify.TotalFailed, verify.FormatFailure),
		none("not a message", []byte("hello, world"), verify.TotalFailed, verify.FormatFailure),
		none("cut off, zeros instead", good[:len(good)-40], verify.TotalFailed, verify.SigCryptoFailure),
		none("bytes behind it", append(bytes.Clone(good), 'A'), verify.TotalFailed, verify.FormatFailure),
		none("a second message behind it", append(bytes.Clone(good), good...), verify.TotalFailed, verify.FormatFailure),
		none("over another document", message(t, o.leader, usual, flipped), verify.TotalFailed, verify.HashFailure),
		none("signature value altered", signedData(t, usual, attrs, altered, nil), verify.TotalFailed, verify.SigCryptoFailure),
		none("signed by another key", func() []byte {
			_, v := signedParts(t, o.clerk, usual, digest)
			return signedData(t, usual, attrs, v, nil)
		}(), verify.TotalFailed, verify.SigCryptoFailure),
		none("attached content", damaged(func(p [][]byte) {
			p[2] = tlv(asn1.TagSequence, false, inside(t, p[2])[0], tlv(0, true, []byte{asn1.TagOctetString, 5, 'h', 'e', 'l', 'l', 'o'}))
		}), verify.TotalFailed, verify.FormatFailure),
		none("two signers", damaged(func(p [][]byte) {
			signer := inside(t, p[4])[0]
			p[4] = tlv(asn1.TagSet, false, signer, signer)
		}), verify.TotalFailed, verify.FormatFailure),
		none("no signer", damaged(func(p [][]byte) { p[4] = tlv(asn1.TagSet, false) }), verify.TotalFailed, verify.FormatFailure),
		none("no certificate", damaged(func(p [][]byte) { p[3] = tlv(0, true, o.Issuing.Raw) }), verify.Indeterminate, verify.NoSigningCertificateFound),
		none("certificate of another with the same key", signedData(t, otherSigner, attrs, value, nil), verify.Indeterminate, verify.NoSigningCertificateFound),
		none("self-made signer, the real one in the bag", message(t, impostor,
			cms.Profile{Certificate: impostor.Certificate(), Chain: []*x509.Certificate{o.leader.Certificate(), o.Issuing}}, digest),
			verify.Indeterminate, verify.NoCertificateChainFound),
	})
}

// inside are the elements of a constructed value.
func inside(t testing.TB, der []byte) [][]byte {
	t.Helper()
	var v asn1.RawValue
	if _, err := asn1.Unmarshal(der, &v); err != nil {
		t.Fatal(err)
	}
	return elements(t, v.Bytes)
}

// What old and foreign programs write is read and named, never passed over.
func TestOldFormats(t *testing.T) {
	if _, err := exec.LookPath("openssl"); err != nil {
		t.Skip("openssl makes these messages and is not installed: ", err)
	}
	o := theOffice(t)
	dir := t.TempDir()
	if err := o.leader.WriteFiles(dir, "leader"); err != nil {
		t.Fatal(err)
	}
	openssl := func(content []byte, args ...string) []byte {
		if err := os.WriteFile(filepath.Join(dir, "content"), content, 0o600); err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command("openssl", append([]string{
			"cms", "-sign", "-binary", "-in", "content", "-signer", "leader.pem", "-inkey", "leader.key.pem", "-outform", "DER", "-out", "message",
		}, args...)...)
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("openssl: %v: %s", err, out)
		}
		der, err := os.ReadFile(filepath.Join(dir, "message"))
		if err != nil {
			t.Fatal(err)
		}
		return der
	}
	made := func(filter string, args ...string) func(testing.TB) []byte {
		return func(t testing.TB) []byte {
			f := newFrame(t, blank(), pdffile.Dict{"SubFilter": pdffile.Name(filter)})
			content := append(bytes.Clone(f.pdf[:f.from]), f.pdf[f.to:]...)
			if filter == "adbe.pkcs7.sha1" {
				content = f.digest(crypto.SHA1)
			}
			return f.put(t, openssl(content, args...))
		}
	}
	weak := func(name string, pdf func(testing.TB) []byte) attack {
		return attack{name, pdf, verify.Undecided, verify.Indeterminate, verify.CryptoConstraintsFailure, ""}
	}
	run(t, []attack{
		{"PKCS#7 detached", made("adbe.pkcs7.detached", "-md", "sha256"), verify.Valid, "", "", ""},
		{"PKCS#7 without signed attributes", made("adbe.pkcs7.detached", "-md", "sha256", "-noattr"), verify.Valid, "", "", ""},
		weak("PKCS#7 with SHA-1", made("adbe.pkcs7.detached", "-md", "sha1")),
		weak("PKCS#7 over a SHA-1", made("adbe.pkcs7.sha1", "-md", "sha256", "-nodetach")),
		{"PKCS#7 over a SHA-1, detached", made("adbe.pkcs7.sha1", "-md", "sha256"), verify.Invalid, verify.TotalFailed, verify.HashFailure, ""},
		{"PKCS#7 with attached content", made("adbe.pkcs7.detached", "-md", "sha256", "-nodetach"), verify.Invalid, verify.TotalFailed, verify.FormatFailure, ""},
	})
}

// pdfsig, a second opinion, agrees where it can judge: on the digest.
func TestSecondOpinion(t *testing.T) {
	if _, err := exec.LookPath("pdfsig"); err != nil {
		t.Skip("pdfsig is not installed: ", err)
	}
	both := sign(t, sign(t, blank(), approve(t)), seal(t, true))
	for _, c := range []struct {
		name string
		pdf  []byte
		want string
	}{
		{"as signed", both, "Signature is Valid"},
		{"altered", swap(t, both, "1.000.000", "9.000.000"), "Digest Mismatch"},
	} {
		path := filepath.Join(t.TempDir(), "a.pdf")
		if err := os.WriteFile(path, c.pdf, 0o600); err != nil {
			t.Fatal(err)
		}
		out, _ := exec.CommandContext(context.Background(), "pdfsig", "-nocert", path).CombinedOutput()
		if n := strings.Count(string(out), c.want); n != 2 {
			t.Errorf("%s: pdfsig says %q %d times:\n%s", c.name, c.want, n, out)
		}
		valid := c.want == "Signature is Valid"
		for _, s := range judge(t, c.pdf).Signatures {
			if (s.Crypto == nil) != valid {
				t.Errorf("%s: %v", c.name, s.Crypto)
			}
		}
	}
}

// One dictionary in two fields is told, and a field added for it is a change.
func TestSharedDictionary(t *testing.T) {
	o := theOffice(t)
	one := sign(t, blank(), pades.Request{Key: o.leader})
	dict := signatureRef(t, one)
	shared := revise(t, one, func(_ *pdffile.File, u *pdffile.Update) {
		_ = u.SetForm(nil, u.Add(pdffile.Dict{"FT": pdffile.Name("Sig"), "T": pdffile.String("Hai"), "V": dict}))
	})
	r := judge(t, shared)
	if r.Verdict() != verify.Invalid || len(r.Signatures) != 2 || r.Signatures[0].Warnings[0] != verify.SharedDictionary {
		t.Error(describe(r))
	}
}
