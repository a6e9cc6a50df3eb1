package report_test

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"io"
	"strings"
	"testing"
	"unicode"

	"antin/signer/pades"
	"antin/signer/practice"
	"antin/signer/report"
	"antin/signer/trust"
	"antin/signer/verify"
)

var hostile = []string{
	`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `</style></title><svg onload=alert(1)>`, `--></td>{{.Model}}`, `{holder}{issuer}{text}`,
	"Nguyễn\u202egnăV\u202c A", "zero\u200bwidth\u2066isolate\u2069", "two\nlines\r\nand\ttabs\x00nul\x1b[31m", "bad\xff\xfeutf8",
	strings.Repeat("dài ", 3000), strings.Repeat("khônggiãncách", 1000), "Z" + strings.Repeat("\u0301", 200), "الاسم العربي", "漢字 😀 ﷽", "(\\) Tj ET %PDF endobj stream",
	"\u2028\u2029\u0085\u00a0", "",
}

// Names and reasons of strangers do no harm in any form of the record.
func TestForeignText(t *testing.T) {
	o := theOffice(t)
	for _, name := range hostile {
		valid := strings.ToValidUTF8(name, "?")
		who, err := o.Issue(practice.IdentityOptions{Name: valid, Organisation: valid, Units: []string{valid}, Key: practice.P256})
		if err != nil {
			t.Fatalf("%.40q: %v", name, err)
		}
		pdf := sign(t, o.decision, pades.Request{Key: who, Reason: name, Location: name, Name: name})
		roles := report.Roles{sha256.Sum256(who.Cert.Raw): report.Person}
		store, err := storeOf(o.Authority)
		if err != nil {
			t.Fatal(err)
		}
		m := report.New(report.Options{Program: name, Agency: name, Checker: name, Made: made})
		m.Documents = append(m.Documents, checkNamed(t, pdf, name, report.CheckOptions{Options: verify.Options{Store: store}, Roles: roles}),
			report.Unread(name, 1, errors.New(name), made), checkNamed(t, pdf, name, report.CheckOptions{Options: verify.Options{Store: &trust.Store{}}}))
		html := string(written(t, m.HTML))
		balanced(t, html)
		for _, banned := range []string{"<script", "<img", "<svg", "ZgotmplZ"} {
			if strings.Contains(html, banned) {
				t.Errorf("%.40q: the page holds %s", name, banned)
			}
		}
		if n := strings.Count(html, "<style>"); n != 1 || strings.Count(html, "</style>") != 1 {
			t.Errorf("%.40q: %d style sheets", name, n)
		}
		notice := written(t, func(w io.Writer) error { return m.Notice(w, report.Letter{Sender: name}) })
		for form, b := range map[string][]byte{"JSON": written(t, m.JSON), "HTML": []byte(html), "notice": notice} {
			for _, r := range string(b) {
				if unicode.Is(unicode.Cf, r) || unicode.IsControl(r) && r != '\n' && r != '\t' {
					t.Errorf("%.40q: %s holds %U", name, form, r)
					break
				}
			}
			if len(b) > 100_000 {
				t.Errorf("%.40q: %s has %d bytes", name, form, len(b))
			}
		}
		if bytes.Contains(written(t, m.JSON), []byte("<")) {
			t.Errorf("%.40q: JSON holds <", name)
		}
		record := written(t, m.PDF)
		conforms(t, record)
		if pages, err := open(t, record).Pages(); err != nil || len(pages) > 8 {
			t.Errorf("%.40q: %d pages, %v", name, len(pages), err)
		}
	}
}

func checkNamed(t *testing.T, pdf []byte, name string, o report.CheckOptions) report.Document {
	t.Helper()
	d, _, err := report.Check(t.Context(), open(t, pdf), name, o)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// What a name shows of whose certificate it is, is only ever a guess.
func TestGuess(t *testing.T) {
	o := theOffice(t)
	for name, want := range map[string]report.Role{
		"Nguyễn Văn An": report.Person, "Trần Thị Bình": report.Person, "Đoàn Văn Hậu": report.Person, "Vũ Thị Sở": report.Person,
		"Ủy ban nhân dân xã Bình Minh": report.Organisation, "Uỷ ban nhân dân tỉnh Mẫu": report.Organisation, "UBND xã A": report.Organisation,
		"SỞ NỘI VỤ": report.Organisation, "Phòng Giáo dục và Đào tạo": report.Organisation, "Trường Tiểu học Số 1": report.Organisation,
		"Toà án nhân dân huyện B": report.Organisation, "": report.UnknownHolder, "An": report.UnknownHolder, "token-0042": report.UnknownHolder,
	} {
		who, err := o.Issue(practice.IdentityOptions{Name: name, Key: practice.P256, Signer: o.leader.Signer})
		if err != nil {
			t.Fatal(err)
		}
		if got := report.Guess(who.Cert); got != want {
			t.Errorf("%q: %s, want %s", name, got, want)
		}
	}
	if report.Guess(nil) != report.UnknownHolder {
		t.Error("no certificate")
	}
}

// For several documents the worst result counts.
func TestWorst(t *testing.T) {
	if report.Worst() != report.Valid || report.Worst(report.Attention, report.Invalid, report.Valid) != report.Invalid || report.Worst(report.Attention, report.Undecided) != report.Undecided {
		t.Error("order of severity")
	}
}
