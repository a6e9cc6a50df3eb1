package verify_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"antin/signer/appearance"
	"antin/signer/cms"
	"antin/signer/pades"
	"antin/signer/pdffile"
	"antin/signer/practice"
	"antin/signer/trust"
	"antin/signer/verify"
)

// office is the make-believe office of all tests: keys cost time.
type office struct {
	*practice.Authority
	leader, clerk *practice.Identity
	store         *trust.Store
	tsa           *cms.TSA
}

var newOffice = sync.OnceValues(func() (*office, error) {
	a, err := practice.NewAuthority(practice.AuthorityOptions{Key: practice.P256})
	if err != nil {
		return nil, err
	}
	o := &office{Authority: a}
	o.leader, err = a.Issue(practice.IdentityOptions{Name: "Trần Vĩnh Nghĩa", Key: practice.RSA2048}) // all peers know RSA
	if err != nil {
		return nil, err
	}
	o.clerk, err = a.Issue(practice.IdentityOptions{Name: "Ủy ban nhân dân xã Thực Hành", Key: practice.RSA2048})
	if err != nil {
		return nil, err
	}
	server := httptest.NewServer(a.TSA(practice.TSAOptions{Key: practice.P256}))
	o.tsa = &cms.TSA{URL: server.URL, Anchors: a.Anchors(), Timeout: 5 * time.Second}
	o.store, err = storeOf(a)
	return o, err
})

func theOffice(t testing.TB) *office {
	t.Helper()
	o, err := newOffice()
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// storeOf trusts the roots of these authorities and has their present
// revocation lists.
func storeOf(authorities ...*practice.Authority) (*trust.Store, error) {
	s := &trust.Store{}
	for _, a := range authorities {
		crl, err1 := a.CRL()
		rootCRL, err2 := a.RootCRL()
		if err := errors.Join(err1, err2); err != nil {
			return nil, err
		}
		for _, der := range [][]byte{a.Root.Raw, a.Issuing.Raw, crl, rootCRL} {
			s.Add(der)
		}
	}
	return s, nil
}

// blank is a document of two pages with xref table, fonts and contents:
// 1 catalog, 2 page tree, 3 and 4 pages, 5 and 6 contents, 7 font, 8 information.
func blank() []byte {
	content := func(text string) string {
		s := "BT /F1 24 Tf 72 700 Td (" + text + ") Tj ET"
		return fmt.Sprintf("<</Length %d>>\nstream\n%s\nendstream", len(s), s)
	}
	page := "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 7 0 R>>>>/Contents %d 0 R>>"
	return build(
		"<</Type/Catalog/Pages 2 0 R>>",
		"<</Type/Pages/Kids[3 0 R 4 0 R]/Count 2>>",
		fmt.Sprintf(page, 5), fmt.Sprintf(page, 6),
		content("Phi: 1.000.000 dong"), content("Trang hai"),
		"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
		"<</Title(Quyet dinh)>>",
	)
}

// build writes a PDF of these objects, numbered from 1; 1 is the catalog, 8 the information.
func build(objects ...string) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	offsets := make([]int, len(objects))
	for i, o := range objects {
		offsets[i] = b.Len()
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f\r\n", len(objects)+1)
	for _, off := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n\r\n", off)
	}
	fmt.Fprintf(&b, "trailer\n<</Size %d/Root 1 0 R/Info 8 0 R/ID[<0102><0304>]>>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, start)
	return b.Bytes()
}

func itoa(n int) string { return fmt.Sprint(n) }

func sprintf(format string, a ...any) string { return fmt.Sprintf(format, a...) }

func open(t testing.TB, pdf []byte) *pdffile.File {
	t.Helper()
	return openWith(t, pdf, "")
}

func openWith(t testing.TB, pdf []byte, password string) *pdffile.File {
	t.Helper()
	f, err := pdffile.Read(bytes.NewReader(pdf), int64(len(pdf)), pdffile.Options{Password: password})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// sign adds one signature to pdf.
func sign(t testing.TB, pdf []byte, q pades.Request) []byte {
	t.Helper()
	return signFile(t, open(t, pdf), q)
}

func signFile(t testing.TB, f *pdffile.File, q pades.Request) []byte {
	t.Helper()
	plan, err := pades.NewPlan(f, q)
	if err != nil {
		t.Fatal(err)
	}
	h, err := os.Create(filepath.Join(t.TempDir(), "signed.pdf"))
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	made, err := plan.Write(context.Background(), h, nil)
	if err != nil {
		t.Fatal(err)
	}
	if made.StampProblem != nil {
		t.Fatal(made.StampProblem)
	}
	out, err := os.ReadFile(h.Name())
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// judge verifies pdf with the office's store, now.
func judge(t testing.TB, pdf []byte) *verify.Report {
	t.Helper()
	return judgeWith(t, pdf, verify.Options{Store: theOffice(t).store})
}

func judgeWith(t testing.TB, pdf []byte, o verify.Options) *verify.Report {
	t.Helper()
	r, err := verify.Document(context.Background(), open(t, pdf), o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// approve is a leader's visible signature with the two empty fields that the
// clerk fills later.
func approve(t testing.TB) pades.Request {
	return pades.Request{
		Key: theOffice(t).leader, Page: 1, Box: pdffile.Box{X: 120, Y: 200, W: 50, H: 25},
		Reason: "Phê duyệt", Name: "Trần Vĩnh Nghĩa", Location: "Xã Thực Hành",
		Text: []pades.TextField{
			{Name: "AnTin_So", Page: 1, Box: pdffile.Box{X: 30, Y: 30, W: 40, H: 8}},
			{Name: "AnTin_Ngay", Page: 1, Box: pdffile.Box{X: 120, Y: 30, W: 60, H: 8}},
		},
	}
}

// seal fills the fields, locks them and puts the seal, all in one revision.
func seal(t testing.TB, lock bool) pades.Request {
	q := pades.Request{
		Key: theOffice(t).clerk, Page: 1, Box: pdffile.Box{X: 110, Y: 195, W: 36, H: 36},
		Fill: []pades.Value{
			{Field: "AnTin_So", Text: "121/QĐ-UBND", Look: appearance.NewLook(40, 8), ReadOnly: true},
			{Field: "AnTin_Ngay", Text: "ngày 22 tháng 11 năm 2026", Look: appearance.NewLook(60, 8), ReadOnly: true},
		},
	}
	if lock {
		q.Lock = &pdffile.FieldLock{Action: "Include", Fields: []string{"AnTin_So", "AnTin_Ngay"}}
	}
	return q
}

// revise appends a well-formed update made by change.
func revise(t testing.TB, pdf []byte, change func(f *pdffile.File, u *pdffile.Update)) []byte {
	t.Helper()
	f := open(t, pdf)
	u := f.NewUpdate()
	change(f, u)
	tail, err := u.Render()
	if err != nil {
		t.Fatal(err)
	}
	return append(bytes.Clone(pdf), tail.Data...)
}
