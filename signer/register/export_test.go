package register

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/hex"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// exported is a register with lines of every sort.
func exported(t *testing.T) *Register {
	ctx, r := context.Background(), fresh(t)
	d := sample(t, "121/QĐ-UBND")
	d.Summary, d.Signer, d.NeedsStamp = "về việc \"kiện toàn\", đợt 1;\nlần 2", "=HYPERLINK(\"http://x\")", true
	d.Output.SHA256 = "aa"
	if _, err := r.Issue(ctx, d, ""); err != nil {
		t.Fatal(err)
	}
	if err := r.Stamp(ctx, Stamp{Of: "aa", Output: File{"qd.dauthoigian.pdf", "bb"}}); err != nil {
		t.Fatal(err)
	}
	d = sample(t, "122/QĐ-UBND")
	d.Recipients, d.Note = "+84 ban", "@SUM(A1)"
	if _, err := r.Issue(ctx, d, ""); err != nil {
		t.Fatal(err)
	}
	d.Note = "-2+3"
	if _, err := r.Correct(ctx, &d, nil, "ghi nhầm"); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Reserve(ctx, Outgoing, number(t, "123/QĐ-UBND"), today, "x"); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Issue(ctx, Document{Number: number(t, "1/QĐ-UBND"), Date: today.AddDate(-1, 0, 0)}, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Copy(ctx, Copy{Number: number(t, "8/SY-UBND"), Date: today, Form: "SAO Y", Original: "77/QĐ-UBND", OrderedBy: "Chánh Văn phòng"}, ""); err != nil {
		t.Fatal(err)
	}
	return r
}

func TestExportCSV(t *testing.T) {
	ctx, r := context.Background(), exported(t)
	var b bytes.Buffer
	if err := r.ExportCSV(ctx, &b, Outgoing, "2026"); err != nil {
		t.Fatal(err)
	}
	text, ok := strings.CutPrefix(b.String(), "\xEF\xBB\xBF")
	if !ok {
		t.Error("no byte order mark")
	}
	c := csv.NewReader(strings.NewReader(text))
	c.FieldsPerRecord = -1
	rows, err := c.ReadAll()
	if err != nil || len(rows) != 5 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	for _, row := range rows {
		for _, cell := range row {
			if strings.ContainsAny(cell[:min(1, len(cell))], "=+-@") {
				t.Errorf("a formula: %q", cell)
			}
		}
	}
	if rows[0][0] != "Số, ký hiệu văn bản" || rows[0][7] != "Ghi chú" {
		t.Errorf("titles %q", rows[0])
	}
	first := rows[1]
	if first[0] != "121/QĐ-UBND" || first[1] != "22/11/2026" || first[2] != "Quyết định về việc \"kiện toàn\", đợt 1;\nlần 2" || first[3] != `'=HYPERLINK("http://x")` || first[7] != "Chưa có dấu thời gian khi ký; Bổ sung dấu thời gian 22/11/2026: qd.dauthoigian.pdf" {
		t.Errorf("%q", first)
	}
	if rows[2][7] != "'-2+3; Đính chính: ghi nhầm" || rows[3][7] != "Đã giữ số, chưa ký" || rows[3][2] != "" {
		t.Errorf("%q\n%q", rows[2], rows[3])
	}
	found := sound(t, r)
	if want := hex.EncodeToString(found.Head[:]); !strings.HasSuffix(rows[4][0], "11 mục, "+want) {
		t.Errorf("%q, want %s", rows[4], want)
	}
}

func TestExportXLSX(t *testing.T) {
	ctx, r := context.Background(), exported(t)
	var b bytes.Buffer
	if err := r.ExportXLSX(ctx, &b, Outgoing, ""); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := f.GetRows("Văn bản đi")
	if err != nil || len(rows) != 7 || rows[0][0] != "SỔ ĐĂNG KÝ VĂN BẢN ĐI" || rows[2][7] != "(8)" || len(rows[2]) > 8 && rows[2][8] != "" {
		t.Fatalf("%q %v", rows, err)
	}
	if rows[3][0] != "01/QĐ-UBND" || rows[4][3] != `=HYPERLINK("http://x")` {
		t.Errorf("%q\n%q", rows[3], rows[4])
	}
	for _, cell := range []string{"D5", "E6"} {
		if formula, err := f.GetCellFormula("Văn bản đi", cell); err != nil || formula != "" {
			t.Errorf("%s is a formula: %q %v", cell, formula, err)
		}
	}
	if state, err := f.GetCellValue("Đối chiếu", "A1"); err != nil || !strings.Contains(state, "11 mục") {
		t.Errorf("%q %v", state, err)
	}

	b.Reset()
	if err := r.ExportXLSX(ctx, &b, Copies, "2026"); err != nil {
		t.Fatal(err)
	}
	if f, err = excelize.OpenReader(&b); err != nil {
		t.Fatal(err)
	}
	if v, err := f.GetCellValue("Bản sao", "E4"); err != nil || v != "Chánh Văn phòng" {
		t.Errorf("%q %v", v, err)
	}
}
