package cli

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"antin/app/words"
	"antin/signer"
)

// listColumns are the names that a list's first line may give to its columns,
// in the order of a list without such a line. The words of both languages are
// known too. Columns after "attachment" without a name are attachments.
var listColumns = []string{"file", "number", "date", "attachment", "summary", "recipients", "kept-by", "copies", "note", "signer"}

// columnTexts are the same in the person's language.
var columnTexts = map[string]string{
	"file": "batch.column-file", "number": "batch.column-number", "date": "batch.column-date", "attachment": "batch.column-attachment",
	"summary": "batch.column-summary", "recipients": "batch.column-recipients", "kept-by": "batch.column-kept-by",
	"copies": "batch.column-copies", "note": "batch.column-note", "signer": "batch.column-signer",
}

// listed is one line of a list.
type listed struct {
	line int // in the file, from 1
	signer.IssueRow
}

// readList reads the list of a batch: UTF-8 with or without byte order mark,
// commas, semicolons or tabs. Files are looked for beside the list. A date that
// is not given is day. Mistakes name their line.
func readList(l words.Language, path string, day time.Time) ([]listed, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return parseList(l, path, f, day)
}

const largestList = 16 << 20 // bytes

func parseList(l words.Language, path string, from io.Reader, day time.Time) ([]listed, error) {
	data, err := io.ReadAll(io.LimitReader(bufio.NewReader(from), largestList+1))
	if err != nil {
		return nil, fmt.Errorf("cli: reading %q: %w", path, err)
	}
	wrong := func(line int, what string) error {
		return &usageError{l.Text("batch.wrong-line", path, line, what)}
	}
	if len(data) > largestList {
		return nil, wrong(1, l.Text("batch.too-large"))
	}
	data = bytes.TrimPrefix(data, []byte("\uFEFF"))
	for i, line := range bytes.Split(data, []byte("\n")) {
		if !utf8.Valid(line) {
			return nil, wrong(i+1, l.Text("batch.not-utf8"))
		}
	}
	r := csv.NewReader(bytes.NewReader(data))
	r.Comma, r.FieldsPerRecord, r.TrimLeadingSpace = separator(data), -1, true
	columns := slices.Clone(listColumns[:4])
	var rows []listed
	for first := true; ; first = false {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		var syntax *csv.ParseError
		if errors.As(err, &syntax) {
			return nil, wrong(syntax.StartLine, l.Text("batch.not-csv", syntax.Err))
		}
		if err != nil {
			return nil, fmt.Errorf("cli: reading %q: %w", path, err)
		}
		line, _ := r.FieldPos(0)
		if first {
			names, isHead, unknown := head(cells)
			if unknown != "" {
				return nil, wrong(line, l.Text("batch.unknown-column", unknown))
			}
			if isHead {
				columns = names
				continue
			}
		}
		row, problem := listRow(l, columns, cells, day)
		if problem != "" {
			return nil, wrong(line, problem)
		}
		row.line = line
		row.besides(filepath.Dir(path))
		rows = append(rows, row)
	}
	if len(rows) == 0 {
		return nil, wrong(1, l.Text("batch.empty"))
	}
	return rows, nil
}

// separator is what stands between the cells of the first line.
func separator(data []byte) rune {
	line, _, _ := bytes.Cut(data, []byte("\n"))
	best := ','
	for _, c := range ";\t" {
		if bytes.Count(line, []byte(string(c))) > bytes.Count(line, []byte(string(best))) {
			best = c
		}
	}
	return best
}

// head tells whether a line names the columns.
func head(cells []string) (columns []string, isHead bool, unknown string) {
	for i, c := range cells {
		name := columnNamed(c)
		if i == 0 && name != "file" {
			return nil, false, ""
		}
		if name == "" && strings.TrimSpace(c) != "" {
			return nil, true, c
		}
		if name == "" && i > 0 {
			name = columns[i-1] // more attachments
		}
		columns = append(columns, name)
	}
	return columns, len(cells) > 0, ""
}

func columnNamed(cell string) string {
	cell = strings.ToLower(strings.TrimSpace(cell))
	for _, name := range listColumns {
		for _, l := range []words.Language{words.Vietnamese, words.English} {
			if cell == name || cell == strings.ToLower(l.Text(columnTexts[name])) {
				return name
			}
		}
	}
	return ""
}

// listRow reads one line; problem is what is wrong with it.
func listRow(l words.Language, columns, cells []string, day time.Time) (row listed, problem string) {
	row.Job.Date = day
	for i, c := range cells {
		c = strings.TrimSpace(c)
		column := columns[min(i, len(columns)-1)] // what stands behind the last is more of it
		switch {
		case c == "":
		case i >= len(columns) && column != "attachment":
			return row, l.Text("batch.too-many-cells", c)
		case column == "file":
			row.Job.Source = c
		case column == "number":
			row.Job.Number = c
		case column == "date":
			var err error
			if row.Job.Date, err = parseDay(c); err != nil {
				return row, l.Text("batch.bad-date", c, l.Text("usage.form-day"))
			}
		case column == "attachment":
			row.Attachments = append(row.Attachments, c)
		case column == "copies":
			n, err := strconv.Atoi(c)
			if err != nil || n < 0 {
				return row, l.Text("batch.bad-copies", c)
			}
			row.Entry.Copies = n
		default:
			*map[string]*string{
				"summary": &row.Entry.Summary, "recipients": &row.Entry.Recipients, "kept-by": &row.Entry.KeptBy,
				"note": &row.Entry.Note, "signer": &row.Entry.Signer,
			}[column] = c
		}
	}
	switch {
	case row.Job.Source == "":
		return row, l.Text("batch.no-file")
	case row.Job.Number == "":
		return row, l.Text("batch.no-number")
	}
	return row, ""
}

// besides makes the row's paths those of files beside the list.
func (row *listed) besides(folder string) {
	at := func(path string) string {
		if filepath.IsAbs(path) {
			return path
		}
		return filepath.Join(folder, path)
	}
	row.Job.Source = at(row.Job.Source)
	for i, a := range row.Attachments {
		row.Attachments[i] = at(a)
	}
}
