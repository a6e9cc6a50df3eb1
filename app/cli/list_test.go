package cli

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"antin/app/words"
	"antin/signer"
	"antin/signer/register"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

var listDay = time.Date(2026, 11, 22, 0, 0, 0, 0, vietnam)

func TestLists(t *testing.T) {
	at := func(name string) string { return filepath.Join("so", name) }
	row := func(line int, source, number string, attachments ...string) listed {
		l := listed{line: line, IssueRow: signer.IssueRow{Attachments: attachments}}
		l.Job.Source, l.Job.Number, l.Job.Date = source, number, listDay
		return l
	}
	whole := row(2, at("a.pdf"), "121/QĐ-UBND", at("b.pdf"), at("c.pdf"))
	whole.Job.Date = time.Date(2026, 11, 20, 0, 0, 0, 0, vietnam)
	whole.Entry = register.Document{Summary: "Về việc, ví dụ", Recipients: "Như trên", KeptBy: "VT", Copies: 12, Note: "gấp", Signer: "An"}
	for name, x := range map[string]struct {
		text string
		want []listed
	}{
		"no titles":     {"a.pdf,121/QĐ-UBND\nb.pdf,122/QĐ-UBND,22/11/2026,c.pdf,d.pdf\n", []listed{row(1, at("a.pdf"), "121/QĐ-UBND"), row(2, at("b.pdf"), "122/QĐ-UBND", at("c.pdf"), at("d.pdf"))}},
		"semicolons":    {"\uFEFFa.pdf;121/QĐ-UBND;;\r\n\r\nb,1.pdf;122/QĐ-UBND\r\n", []listed{row(1, at("a.pdf"), "121/QĐ-UBND"), row(3, at("b,1.pdf"), "122/QĐ-UBND")}},
		"absolute":      {filepath.FromSlash("/x/a.pdf") + "\t1/QĐ-UBND", []listed{row(1, filepath.FromSlash("/x/a.pdf"), "1/QĐ-UBND")}},
		"titles":        {"file,number,date,attachment,,summary,recipients,kept-by,copies,note,signer\na.pdf,121/QĐ-UBND,20/11/2026,b.pdf,c.pdf,\"Về việc, ví dụ\",Như trên,VT,12,gấp,An", []listed{whole}},
		"in Vietnamese": {"Tệp;Số;Ngày;Phụ lục;Phụ lục;Trích yếu;Nơi nhận;Nơi lưu;Số bản;Ghi chú;Người ký\na.pdf;121/QĐ-UBND;2026-11-20;b.pdf;c.pdf;Về việc, ví dụ;Như trên;VT;12;gấp;An", []listed{whole}},
	} {
		got, err := parseList(words.English, filepath.Join("so", "list.csv"), strings.NewReader(x.text), listDay)
		if diff := cmp.Diff(x.want, got, cmp.AllowUnexported(listed{}), cmpopts.IgnoreUnexported(signer.Common{})); err != nil || diff != "" {
			t.Errorf("%s: %v\n%s", name, err, diff)
		}
	}
}

func TestMistakesInLists(t *testing.T) {
	for text, want := range map[string]string{
		"":                                      "line 1: the list has no row",
		"file,number\n":                         "line 1: the list has no row",
		"a.pdf,1/QĐ\nb.pdf\n":                   "line 2: the number is missing",
		"a.pdf,1/QĐ\n\n,2/QĐ\n":                 "line 3: the file is missing",
		"a.pdf,1/QĐ,30/02/2026\n":               `line 1: date "30/02/2026"`,
		"a.pdf,1/QĐ\nb.pdf,\"2/QĐ\nc.pdf,3":     "line 2: wrong quotes",
		"file,number,colour\na,1/QĐ,red":        `line 1: there is no column named "colour"`,
		"file,number,copies\na,1/QĐ,two":        `line 2: "two" is no number of copies`,
		"file,number\na,1/QĐ,x":                 `line 2: "x" is one cell too many`,
		"a.pdf,1/Q\xd0-UBND":                    "line 1: the text is not UTF-8",
		"a.pdf,1/QĐ\nb.pdf,2/Q\xc4-UBND\n":      "line 2: the text is not UTF-8",
		strings.Repeat("a", largestList) + "aa": "line 1: the list is larger",
	} {
		rows, err := parseList(words.English, "list.csv", strings.NewReader(text), listDay)
		var wrong *usageError
		if !errors.As(err, &wrong) || !strings.Contains(wrong.text, "list.csv, "+want) {
			t.Errorf("%.40q: %v, %v; want %s", text, rows, err, want)
		}
	}
}

// Whatever a list holds, a row has a file and a number and the mistake a line.
func FuzzList(f *testing.F) {
	for _, s := range []string{"a.pdf,1/QĐ", "Tệp;Số\na;1", "file,number,attachment,\na,1,b,c", "\uFEFFa\t1\t22/11/2026", "\"a\nb\",1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		rows, err := parseList(words.Vietnamese, "list.csv", strings.NewReader(s), listDay)
		var wrong *usageError
		if err != nil && (!errors.As(err, &wrong) || !strings.HasPrefix(wrong.text, "list.csv, ")) {
			t.Errorf("%q: %v", s, err)
		}
		for _, r := range rows {
			if r.Job.Source == "" || r.Job.Number == "" || r.line < 1 {
				t.Errorf("%q: %+v", s, r)
			}
		}
	})
}
