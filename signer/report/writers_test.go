package report_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"antin/assets"
	"antin/signer/pdffile"
	"antin/signer/practice/machine"
	"antin/signer/report"
	"antin/signer/verify"
)

var made = time.Date(2026, 11, 22, 9, 47, 3, 999, time.UTC)

var full = report.Options{Program: "Ấn Tín 1.0", Agency: "Sở Nội vụ tỉnh Mẫu", Checker: "Trần Thị Bình", Made: made}

// some is a record with documents of all four results.
func some(t testing.TB) *report.Model {
	t.Helper()
	o := theOffice(t)
	issued := o.issued(t)
	return report.New(full, check(t, issued), check(t, flip(t, issued)), checkWith(t, issued, report.CheckOptions{}),
		check(t, o.decision), report.Unread("hỏng.pdf", 12, pdffile.ErrDamaged, made))
}

func written(t testing.TB, write func(io.Writer) error) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func pdfText(t testing.TB, pdf []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "record.pdf")
	if err := os.WriteFile(path, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(machine.Program(t, "pdftotext", "poppler-utils"), "-layout", path, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// words leaves out where lines were broken.
func words(s string) string { return strings.Join(strings.Fields(s), "") }

// The same record gives the same bytes in every form.
func TestSameBytes(t *testing.T) {
	m := some(t)
	for name, write := range map[string]func(io.Writer) error{
		"JSON": m.JSON, "HTML": m.HTML, "PDF": m.PDF,
		"notice": func(w io.Writer) error { return m.Notice(w, report.Letter{}) },
	} {
		first := written(t, write)
		for range 4 {
			if !bytes.Equal(first, written(t, write)) {
				t.Errorf("%s differs from one time to the next", name)
				break
			}
		}
	}
}

func TestJSON(t *testing.T) {
	b := written(t, some(t).JSON)
	var schema, doc any
	if err := errors.Join(json.Unmarshal(assets.Report("schema.json"), &schema), json.Unmarshal(b, &doc)); err != nil {
		t.Fatal(err)
	}
	for _, p := range violations(schema, schema, doc, "$") {
		t.Error(p)
	}
	// The validator itself finds faults.
	for _, wrong := range []string{
		`{}`, `{"schema":"other","made":"2026-11-22T16:47:03+07:00","documents":[]}`,
		`{"schema":"antin/verify-report/1","made":"yesterday","documents":[]}`,
		`{"schema":"antin/verify-report/1","made":"2026-11-22T16:47:03+07:00","documents":[{"name":5}]}`,
		`{"schema":"antin/verify-report/1","made":"2026-11-22T16:47:03+07:00","documents":[],"more":1}`,
	} {
		if err := json.Unmarshal([]byte(wrong), &doc); err != nil {
			t.Fatal(err)
		}
		if len(violations(schema, schema, doc, "$")) == 0 {
			t.Errorf("the schema admits %s", wrong)
		}
	}
	var back report.Model
	if err := json.Unmarshal(b, &back); err != nil || len(back.Documents) != 5 || back.Schema != report.Schema {
		t.Errorf("read back: %v", err)
	}
	if !strings.Contains(string(b), `"made": "2026-11-22T16:47:03+07:00"`) {
		t.Error("time is not Vietnamese to the second")
	}
}

func TestHTML(t *testing.T) {
	html := string(written(t, some(t).HTML))
	balanced(t, html)
	for _, banned := range []string{"<script", "javascript:", "http://", "https://", "src=", "href=", "onload", "@import", "url(", "ZgotmplZ"} {
		if strings.Contains(html, banned) {
			t.Errorf("holds %q", banned)
		}
	}
	style := html[strings.Index(html, "<style>")+len("<style>") : strings.Index(html, "</style>")]
	sum := sha256.Sum256([]byte(style))
	for _, wanted := range []string{"style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'", "default-src 'none'", "BIÊN BẢN KIỂM TRA CHỮ KÝ SỐ", "KHÔNG HỢP LỆ", "Nguyễn Văn An", "<details>", `lang="vi"`} {
		if !strings.Contains(html, wanted) {
			t.Errorf("lacks %q", wanted)
		}
	}
}

// balanced reads the page as XML, after the few things that HTML writes otherwise.
func balanced(t *testing.T, html string) {
	t.Helper()
	s := regexp.MustCompile(`<meta [^>]*>`).ReplaceAllString(strings.TrimPrefix(html, "<!DOCTYPE html>"), "")
	s = regexp.MustCompile(`(?s)<style>.*?</style>`).ReplaceAllString(s, "")
	d := xml.NewDecoder(strings.NewReader(s))
	d.Strict, d.Entity = true, xml.HTMLEntity
	for {
		if _, err := d.Token(); err == io.EOF {
			return
		} else if err != nil {
			t.Fatalf("not well formed: %v", err)
		}
	}
}

func TestPDF(t *testing.T) {
	o := theOffice(t)
	one := report.New(full, check(t, o.issued(t)))
	pdf := written(t, one.PDF)
	f := open(t, pdf)
	if pages, err := f.Pages(); err != nil || len(pages) != 1 {
		t.Errorf("%d pages, error %v: two signatures fit one page", len(pages), err)
	}
	got := words(pdfText(t, pdf))
	for _, d := range one.Documents {
		for _, a := range d.Answers {
			for _, s := range append([]string{a.Title, a.Label, a.Basis}, a.Lines...) {
				for w := range strings.FieldsSeq(s) { // columns interleave the lines
					if !strings.Contains(got, w) {
						t.Errorf("the text of the PDF lacks %q of %q", w, s)
					}
				}
			}
		}
	}
	for _, s := range []string{"BIÊN BẢN KIỂM TRA CHỮ KÝ SỐ", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "SỞ NỘI VỤ TỈNH MẪU", "16:47:03 ngày 22/11/2026", "KẾT LUẬN: HỢP LỆ", "Trần Thị Bình", one.Documents[0].SHA256} {
		if !strings.Contains(got, words(s)) {
			t.Errorf("the text of the PDF lacks %q", s)
		}
	}
	many := written(t, some(t).PDF)
	if pages, err := open(t, many).Pages(); err != nil || len(pages) < 4 {
		t.Errorf("%d pages, error %v", len(pages), err)
	}
	for _, b := range [][]byte{pdf, many, written(t, report.New(report.Options{Made: made}, report.Unread("x.pdf", 1, nil, made)).PDF)} {
		conforms(t, b)
	}
}

// A record of a document with very many signatures, and of none, is printed too.
func TestManySignatures(t *testing.T) {
	o := theOffice(t)
	s := verify.Signature{Field: "S", Kind: verify.Approval, Indication: verify.TotalPassed, Signer: o.leader.Cert}
	r := &verify.Report{Time: made}
	for range 200 {
		r.Signatures = append(r.Signatures, s)
	}
	for i := range r.Signatures {
		r.Signatures[i].ClaimedTime = made.Add(time.Duration(i) * time.Minute)
	}
	m := report.New(full, report.Examine(report.Input{Name: "x.pdf", Report: r, Gallery: &report.Gallery{}}))
	pdf := written(t, m.PDF)
	conforms(t, pdf)
	if text := pdfText(t, pdf); !strings.Contains(text, "140 chữ ký nữa") || !strings.Contains(text, "dòng nữa") {
		t.Error("what was left out is not said")
	}
	balanced(t, string(written(t, m.HTML)))
}

func TestNotice(t *testing.T) {
	m := some(t)
	notice := string(written(t, func(w io.Writer) error { return m.Notice(w, report.Letter{Sender: "UBND xã\nBình Minh"}) }))
	for _, s := range []string{"Kính gửi: UBND xã Bình Minh", "Nội dung đã bị sửa sau khi ký", "Điều 21 khoản 2", "hỏng.pdf", "không hợp lệ", "chưa đủ dữ liệu", "Người kiểm tra: Trần Thị Bình", "ngày 22/11/2026"} {
		if !strings.Contains(notice, s) {
			t.Errorf("lacks %q\n%s", s, notice)
		}
	}
	if strings.Count(notice, m.Documents[0].SHA256) != 1 || strings.Contains(notice, "{") { // the same file, once judged without any trust
		t.Errorf("names the valid document, or has places not filled\n%s", notice)
	}
	o := theOffice(t)
	m.Documents = append(m.Documents[:1], checkWith(t, o.issued(t), report.CheckOptions{Options: verify.Options{Store: o.store}}))
	if s := string(written(t, func(w io.Writer) error { return m.Notice(w, report.Letter{}) })); !strings.Contains(s, "không cần thông báo") || strings.Count(s, "\n") != 1 {
		t.Errorf("of a valid document:\n%s", s)
	}
}
