package register

import (
	"bufio"
	"context"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// column is one column of a book as people read it: always Vietnamese, it is
// the decree's form.
type column struct {
	title string
	width float64 // in characters, for a spreadsheet
	cell  func(e *Entry) string
}

// sheet is a book as a table. The first columns are those of the form; behind
// them stands what makes the entry checkable.
type sheet struct {
	name, title string
	columns     []column
	form        int // how many columns the form has; they are numbered
}

func day(e *Entry) string {
	_, _, date := e.numbered()
	return date.In(vietnam).Format("02/01/2006")
}

func symbol(e *Entry) string {
	_, n, _ := e.numbered()
	return n.String()
}

func copies(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// remark is what a line says beside its own note.
func remark(e *Entry, note, override string, needsStamp bool) string {
	var out []string
	for _, part := range []struct {
		when bool
		text string
	}{
		{note != "", note},
		{e.Kind == Corrected, strings.TrimSuffix("Đính chính: "+e.Reason, ": ")},
		{override != "", "Bỏ qua kiểm tra: " + override},
		{needsStamp, "Chưa có dấu thời gian khi ký"},
	} {
		if part.when {
			out = append(out, part.text)
		}
	}
	return strings.Join(out, "; ")
}

// of makes a cell of a field of a document or a copy; a number that is only
// reserved has none.
func of[T any](get func(*Entry) *T, cell func(*T) string) func(*Entry) string {
	return func(e *Entry) string {
		if v := get(e); v != nil {
			return cell(v)
		}
		return ""
	}
}

func document(cell func(*Document) string) func(*Entry) string {
	return of(func(e *Entry) *Document { return e.Document }, cell)
}

func copied(cell func(*Copy) string) func(*Entry) string {
	return of(func(e *Entry) *Copy { return e.Copy }, cell)
}

const onlyReserved = "Đã giữ số, chưa ký"

var sheets = map[Book]sheet{
	// NĐ 30/2020/NĐ-CP, Phụ lục IV: sổ đăng ký văn bản đi.
	Outgoing: {"Văn bản đi", "SỔ ĐĂNG KÝ VĂN BẢN ĐI", []column{
		{"Số, ký hiệu văn bản", 20, symbol},
		{"Ngày tháng văn bản", 12, day},
		{"Tên loại và trích yếu nội dung văn bản", 50, document(func(d *Document) string { return strings.TrimSpace(d.Type + " " + d.Summary) })},
		{"Người ký", 22, document(func(d *Document) string { return d.Signer })},
		{"Nơi nhận văn bản", 30, document(func(d *Document) string { return d.Recipients })},
		{"Đơn vị, người nhận bản lưu", 20, document(func(d *Document) string { return d.KeptBy })},
		{"Số lượng bản", 10, document(func(d *Document) string { return copies(d.Copies) })},
		{"Ghi chú", 30, func(e *Entry) string {
			if d := e.Document; d != nil {
				return remark(e, d.Note, d.Override, d.NeedsStamp)
			}
			return onlyReserved
		}},
		{"Tệp phát hành", 40, document(func(d *Document) string { return d.Output.Path })},
		{"SHA-256 tệp phát hành", 66, document(func(d *Document) string { return d.Output.SHA256 })},
		{"SHA-256 tệp nguồn", 66, document(func(d *Document) string { return d.Source.SHA256 })},
		{"SHA-256 chứng thư ký", 66, document(func(d *Document) string { return d.Certificate })},
		{"Mức chữ ký", 10, document(func(d *Document) string { return d.Level })},
		entryNumber,
	}, 8},
	// NĐ 30/2020/NĐ-CP, Điều 25 to 27; the decree has no form for it.
	Copies: {"Bản sao", "SỔ ĐĂNG KÝ BẢN SAO", []column{
		{"Số, ký hiệu bản sao", 20, symbol},
		{"Ngày tháng sao", 12, day},
		{"Hình thức sao", 14, copied(func(c *Copy) string { return c.Form })},
		{"Văn bản được sao", 50, copied(func(c *Copy) string { return c.Original })},
		{"Theo chỉ đạo của", 22, copied(func(c *Copy) string { return c.OrderedBy })},
		{"Nơi nhận bản sao", 30, copied(func(c *Copy) string { return c.Recipients })},
		{"Số lượng bản", 10, copied(func(c *Copy) string { return copies(c.Copies) })},
		{"Ghi chú", 30, func(e *Entry) string {
			if c := e.Copy; c != nil {
				return remark(e, c.Note, c.Override, c.NeedsStamp)
			}
			return onlyReserved
		}},
		{"Tệp bản sao", 40, copied(func(c *Copy) string { return c.Output.Path })},
		{"SHA-256 bản sao", 66, copied(func(c *Copy) string { return c.Output.SHA256 })},
		{"SHA-256 bản quét", 66, copied(func(c *Copy) string { return c.Source.SHA256 })},
		{"SHA-256 chứng thư ký", 66, copied(func(c *Copy) string { return c.Certificate })},
		{"Mức chữ ký", 10, copied(func(c *Copy) string { return c.Level })},
		entryNumber,
	}, 8},
}

var entryNumber = column{"Mục sổ", 8, func(e *Entry) string { return strconv.FormatInt(e.Seq, 10) }}

func (s *sheet) cells(e *Entry) []string {
	out := make([]string, len(s.columns))
	for i, c := range s.columns {
		out[i] = c.cell(e)
	}
	return out
}

// state is the line that an export ends with: what a later check is compared
// with.
func (r *Register) state(ctx context.Context) (string, error) {
	var seq int64
	var hash []byte
	err := r.db.QueryRowContext(ctx, "SELECT coalesce(max(seq), 0), (SELECT hash FROM entries ORDER BY seq DESC LIMIT 1) FROM entries").Scan(&seq, &hash)
	return fmt.Sprintf("Mã đối chiếu sổ: %d mục, %s", seq, hex.EncodeToString(hash)), told(err)
}

// heading is the title with the year or term.
func (s *sheet) heading(period string) string { return strings.TrimSpace(s.title + " " + period) }

// ExportCSV writes a book, or one period of it, as a table that spreadsheet
// programs open with its Vietnamese letters: UTF-8 with a byte order mark,
// commas, lines as in RFC 4180. A cell that they would take for a formula is
// given an apostrophe. The last line holds the count of entries and the newest
// hash.
func (r *Register) ExportCSV(ctx context.Context, w io.Writer, book Book, period string) error {
	s := sheets[book]
	state, err := r.state(ctx)
	if err != nil {
		return err
	}
	buffered := bufio.NewWriter(w)
	if _, err := buffered.WriteString("\uFEFF"); err != nil {
		return err
	}
	c := csv.NewWriter(buffered)
	c.UseCRLF = true
	write := func(cells ...string) error {
		for i, cell := range cells {
			cells[i] = harmless(cell)
		}
		return c.Write(cells)
	}
	var titles []string
	for _, column := range s.columns {
		titles = append(titles, column.title)
	}
	if err := write(titles...); err != nil {
		return err
	}
	for e, err := range r.Lines(ctx, book, period) {
		if err == nil {
			err = write(s.cells(&e)...)
		}
		if err != nil {
			return err
		}
	}
	if err := write(state); err != nil {
		return err
	}
	c.Flush()
	return errors.Join(c.Error(), buffered.Flush())
}

// harmless keeps a spreadsheet program from reading a text as a formula.
func harmless(cell string) string {
	if strings.IndexAny(cell, "=+-@\t\r\n＝＋－＠") == 0 {
		return "'" + cell
	}
	return cell
}

// ExportXLSX writes a book, or one period of it, as an Excel workbook in the
// decree's form: title, column titles, numbers of the form's columns, lines. A
// second sheet has the count of entries and the newest hash. All cells are
// texts, so that no content becomes a formula.
func (r *Register) ExportXLSX(ctx context.Context, w io.Writer, book Book, period string) (err error) {
	s := sheets[book]
	state, err := r.state(ctx)
	if err != nil {
		return err
	}
	f := excelize.NewFile()
	defer func() { err = errors.Join(err, f.Close()) }()
	if err := f.SetSheetName("Sheet1", s.name); err != nil {
		return err
	}
	const stateSheet = "Đối chiếu"
	if _, err := f.NewSheet(stateSheet); err != nil {
		return err
	}
	if err := f.SetCellStr(stateSheet, "A1", state); err != nil {
		return err
	}
	if err := s.write(f, s.heading(period), r.Lines(ctx, book, period)); err != nil {
		return err
	}
	return f.Write(w)
}

func (s *sheet) write(f *excelize.File, heading string, entries iter.Seq2[Entry, error]) error {
	line := []excelize.Border{{Type: "left", Color: "000000", Style: 1}, {Type: "right", Color: "000000", Style: 1}, {Type: "top", Color: "000000", Style: 1}, {Type: "bottom", Color: "000000", Style: 1}}
	style := func(size float64, bold bool, horizontal string, border []excelize.Border) (int, error) {
		return f.NewStyle(&excelize.Style{
			Font: &excelize.Font{Family: "Times New Roman", Size: size, Bold: bold}, Border: border,
			Alignment: &excelize.Alignment{Horizontal: horizontal, Vertical: "top", WrapText: border != nil},
		})
	}
	title, err := style(14, true, "left", nil)
	if err != nil {
		return err
	}
	head, err := style(11, true, "center", line)
	if err != nil {
		return err
	}
	text, err := style(11, false, "left", line)
	if err != nil {
		return err
	}
	out, err := f.NewStreamWriter(s.name)
	if err != nil {
		return err
	}
	for i, c := range s.columns {
		if err := out.SetColWidth(i+1, i+1, c.width); err != nil {
			return err
		}
	}
	if err := out.SetPanes(&excelize.Panes{Freeze: true, YSplit: 3, TopLeftCell: "A4", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	row := 0
	write := func(style int, cells ...string) error {
		row++
		values := make([]any, len(cells))
		for i, c := range cells {
			values[i] = excelize.Cell{StyleID: style, Value: c}
		}
		return out.SetRow("A"+strconv.Itoa(row), values)
	}
	titles, numbers := make([]string, len(s.columns)), make([]string, len(s.columns))
	for i, c := range s.columns {
		titles[i] = c.title
		if i < s.form {
			numbers[i] = fmt.Sprintf("(%d)", i+1)
		}
	}
	if err := errors.Join(write(title, heading), write(head, titles...), write(head, numbers...)); err != nil {
		return err
	}
	for e, err := range entries {
		if err == nil {
			err = write(text, s.cells(&e)...)
		}
		if err != nil {
			return err
		}
	}
	return out.Flush()
}
