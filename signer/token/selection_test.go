package token

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/unicode/norm"
)

func TestSelect(t *testing.T) {
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	certificate := func(raw, cn, unit string, from, to int) Certificate {
		return Certificate{X509: &x509.Certificate{
			Raw: []byte(raw), Subject: pkix.Name{
				CommonName: cn, Organization: []string{unit},
				Names: []pkix.AttributeTypeAndValue{{Type: []int{2, 5, 4, 3}, Value: cn}, {Type: []int{2, 5, 4, 10}, Value: unit}},
			},
			NotBefore: now.AddDate(from, 0, 0), NotAfter: now.AddDate(to, 0, 0), KeyUsage: x509.KeyUsageDigitalSignature,
		}}
	}
	const unit = "UBND xã Bình Minh"
	an, anOld := certificate("an", "Nguyễn Văn An", unit, -1, 2), certificate("an old", "Nguyễn Văn An", unit, -5, -1)
	seal := certificate("seal", unit, unit, -1, 2)
	expired := certificate("expired", "Trần Hết Hạn", "Sở Nội vụ", -5, -1)
	ca := certificate("ca", "CA phục vụ các cơ quan", "Ban Cơ yếu", -5, 5)
	ca.CA = true
	encryption := certificate("encryption", "Lê Mã Hoá", "Sở Nội vụ", -1, 2)
	encryption.X509.KeyUsage = x509.KeyUsageKeyEncipherment

	leader := Token{Label: "VGCA Token", Serial: "01AB77", Certificates: []Certificate{anOld, an, ca}}
	clerk := Token{Label: "VGCA Token", Serial: "5566", Certificates: []Certificate{seal, encryption}}
	again := Token{Label: "VGCA Token (OpenSC)", Serial: "01ab77", Certificates: []Certificate{an}} // through another module
	guest := Token{Label: "Khách", Serial: "9", Certificates: []Certificate{expired}}
	tokens := []Token{leader, clerk, again, guest}

	for _, tc := range []struct {
		name, who string
		want      Certificate
		err       error
	}{
		{"name in small letters", "nguyễn văn an", an, nil},
		{"name as a Mac types it", norm.NFD.String("Nguyễn Văn AN"), an, nil},
		{"fingerprint", an.SHA256()[:6], an, nil},
		{"fingerprint as openssl prints it", "SHA", Certificate{}, ErrCertificateNotFound},
		{"fingerprint with colons", strings.ToUpper(an.SHA256()[:2] + ":" + an.SHA256()[2:4] + ":" + an.SHA256()[4:6]), an, nil},
		{"fingerprint too short", seal.SHA256()[:5], Certificate{}, ErrCertificateNotFound},
		{"fingerprint of the expired one", anOld.SHA256(), anOld, nil},
		{"serial number of the token", "01ab77", an, nil},
		{"serial number of the other", "5566", seal, nil},
		{"expired, but the only one: the check of the period is not ours", "hết hạn", expired, nil},
		{"organisation of two", "bình minh", Certificate{}, ErrAmbiguous},
		{"CA", "CA phục vụ", Certificate{}, ErrCertificateNotFound},
		{"for encryption only", "Mã Hoá", Certificate{}, ErrCertificateNotFound},
		{"nobody", "Phạm", Certificate{}, ErrCertificateNotFound},
		{"nothing", " ", Certificate{}, ErrCertificateNotFound},
	} {
		t.Run(tc.name, func(t *testing.T) {
			tok, got, err := selectAt(tokens, tc.who, now)
			if !errors.Is(err, tc.err) {
				t.Fatalf("error %v, want %v", err, tc.err)
			}
			if tc.err == nil && (got.X509 != tc.want.X509 || tok.Label == again.Label) {
				t.Errorf("found %v on %q", got.X509.Subject, tok.Label)
			}
		})
	}

	_, _, err := selectAt(tokens, "bình minh", now)
	var e *SelectionError
	if !errors.As(err, &e) || len(e.Candidates) != 2 {
		t.Fatalf("error %v does not list the two that fit", err)
	}
	for _, want := range []string{"Nguyễn Văn An", unit, "01AB77", seal.SHA256()[:12]} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("text lacks %q: %v", want, err)
		}
	}
	if _, _, err = selectAt(tokens, "Phạm", now); !errors.As(err, &e) || len(e.Candidates) != 4 {
		t.Errorf("error %v does not say what there is", err)
	}
	if _, _, err = Select(nil, "An"); !errors.Is(err, ErrCertificateNotFound) || !strings.Contains(err.Error(), "no certificate") {
		t.Errorf("no tokens: %v", err)
	}
}
