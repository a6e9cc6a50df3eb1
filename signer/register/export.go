package register

import (
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
	later := ""
	if s := e.stamped; s != nil {
		later = fmt.Sprintf("Bổ sung dấu thời gian %s: %s", s.At.In(vietnam).Format("02/01/2006"), s.Stamp.Output.Path)
	}
	var out []string
	for _, part := range []struct {
		when bool
		text string
	}{
		{note != "", note},
		{e.Kind == Corrected, strings.TrimSuffix("Đính chính: "+e.Reason, ": ")},
		{override != "", "Bỏ qua kiểm tra: " + override},
		{needsStamp, "Chưa có dấu thời gian khi ký"},
		{later != "", later},
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
		{"SHA-256 bản quét", 66, copied(func(c *Copy) string { return hashes(c.Source, c.Others) })},
		{"SHA-256 chứng thư ký", 66, copied(func(c *Copy) string { return c.Certificate })},
		{"Mức chữ ký", 10, copied(func(c *Copy) string { return c.Level })},
		entryNumber,
	}, 8},
}

// hashes are those of all files that a copy's pages come from, in their order.
func hashes(first File, others []File) string {
	all := first.SHA256
	for _, f := range others {
		all += "; " + f.SHA256
	}
	return all
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

func (s *sheet) titles() []string {
	out := make([]string, len(s.columns))
	for i, c := range s.columns {
		out[i] = c.title
	}
	return out
}

// exported are the lines of a book, each with the time-stamp that was added later.
func (r *Register) exported(ctx context.Context, book Book, period string) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		stamps := map[string]*Entry{} // by the hash of the document without it
		for e, err := range r.Entries(ctx, Stamped) {
			if err != nil {
				yield(e, err)
				return
			}
			stamps[e.Stamp.Of] = &e
		}
		for e, err := range r.Lines(ctx, book, period) {
			e.stamped = stamps[e.Output().SHA256]
			if !yield(e, err) {
				return
			}
		}
	}
}

// ExportCSV writes a book, or one period of it, with [WriteCSV]'s form. The last
// line holds the count of entries and the newest hash.
func (r *Register) ExportCSV(ctx context.Context, w io.Writer, book Book, period string) error {
	s := sheets[book]
	state, err := r.state(ctx)
	if err != nil {
		return err
	}
	rows := [][]string{s.titles()}
	for e, err := range r.exported(ctx, book, period) {
		if err != nil {
			return err
		}
		rows = append(rows, s.cells(&e))
	}
	return WriteCSV(w, append(rows, []string{state}))
}

// WriteCSV writes a table that spreadsheet programs open with its Vietnamese
// letters: UTF-8 with a byte order mark, commas, lines as in RFC 4180. A cell
// that they would take for a formula is given an apostrophe.
func WriteCSV(w io.Writer, rows [][]string) error {
	if _, err := io.WriteString(w, "\uFEFF"); err != nil {
		return err
	}
	c := csv.NewWriter(w)
	c.UseCRLF = true
	for _, row := range rows {
		cells := make([]string, len(row))
		for i, cell := range row {
			cells[i] = harmless(cell)
		}
		if err := c.Write(cells); err != nil {
			return err
		}
	}
	c.Flush()
	return c.Error()
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
// second sheet has the count of entries and the newest hash.
func (r *Register) ExportXLSX(ctx context.Context, w io.Writer, book Book, period string) error {
	s := sheets[book]
	state, err := r.state(ctx)
	if err != nil {
		return err
	}
	numbers := make([]string, s.form)
	for i := range numbers {
		numbers[i] = fmt.Sprintf("(%d)", i+1)
	}
	b, err := newWorkbook(s.name)
	if err != nil {
		return err
	}
	defer b.file.Close() // it lies in memory
	for i, c := range s.columns {
		if err := b.sheet.SetColWidth(i+1, i+1, c.width); err != nil {
			return err
		}
	}
	if err := b.sheet.SetPanes(&excelize.Panes{Freeze: true, YSplit: 3, TopLeftCell: "A4", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	if err := errors.Join(b.add(b.title, strings.TrimSpace(s.title+" "+period)), b.add(b.head, s.titles()...), b.add(b.head, numbers...)); err != nil {
		return err
	}
	for e, err := range r.exported(ctx, book, period) {
		if err == nil {
			err = b.add(b.text, s.cells(&e)...)
		}
		if err != nil {
			return err
		}
	}
	return b.write(w, state)
}

// WriteXLSX writes a table as an Excel workbook, the first row as titles.
func WriteXLSX(w io.Writer, name string, rows [][]string) error {
	b, err := newWorkbook(name)
	if err != nil {
		return err
	}
	defer b.file.Close() // it lies in memory
	style := b.head
	for _, row := range rows {
		if err := b.add(style, row...); err != nil {
			return err
		}
		style = b.text
	}
	return b.write(w, "")
}

// workbook is written row by row. All cells are texts, so that no content
// becomes a formula.
type workbook struct {
	file              *excelize.File
	sheet             *excelize.StreamWriter
	title, head, text int // styles
	rows              int
}

func newWorkbook(sheet string) (*workbook, error) {
	b := &workbook{file: excelize.NewFile()}
	if err := b.file.SetSheetName("Sheet1", sheet); err != nil {
		return nil, err
	}
	var lines []excelize.Border
	for _, side := range []string{"left", "right", "top", "bottom"} {
		lines = append(lines, excelize.Border{Type: side, Color: "000000", Style: 1})
	}
	for _, s := range []struct {
		to         *int
		size       float64
		bold       bool
		horizontal string
		border     []excelize.Border
	}{{&b.title, 14, true, "left", nil}, {&b.head, 11, true, "center", lines}, {&b.text, 11, false, "left", lines}} {
		var err error
		if *s.to, err = b.file.NewStyle(&excelize.Style{
			Font: &excelize.Font{Family: "Times New Roman", Size: s.size, Bold: s.bold}, Border: s.border,
			Alignment: &excelize.Alignment{Horizontal: s.horizontal, Vertical: "top", WrapText: s.border != nil},
		}); err != nil {
			return nil, err
		}
	}
	var err error
	b.sheet, err = b.file.NewStreamWriter(sheet)
	return b, err
}

func (b *workbook) add(style int, cells ...string) error {
	b.rows++
	values := make([]any, len(cells))
	for i, c := range cells {
		values[i] = excelize.Cell{StyleID: style, Value: c}
	}
	return b.sheet.SetRow("A"+strconv.Itoa(b.rows), values)
}

// write ends the book, with a text on a sheet of its own.
func (b *workbook) write(w io.Writer, state string) error {
	if err := b.sheet.Flush(); err != nil {
		return err
	}
	if state != "" {
		const sheet = "Đối chiếu"
		if _, err := b.file.NewSheet(sheet); err != nil {
			return err
		}
		if err := b.file.SetCellStr(sheet, "A1", state); err != nil {
			return err
		}
	}
	return b.file.Write(w)
}
