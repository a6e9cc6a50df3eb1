package check

import (
	"cmp"
	"path/filepath"
	"slices"
	"strings"

	"antin/signer/report"
	"antin/signer/verify"
)

// state is how far the check of a row has come.
type state int

const (
	waiting state = iota
	checking
	stopped // by the person, before there was a result
	failed  // the check itself could not be done
	done
)

// row is one document of the list.
type row struct {
	path    string
	request Request
	state   state
	round   int // counts the checks, so that a late result is dropped
	found   *Found
	told    report.Document // that of found in the window's language
	err     error
}

func (r *row) name() string { return filepath.Base(r.path) }

// light is what the row's traffic light shows.
type light int

// The lights in the order in which they ask for attention.
const (
	everyLight light = iota // of a filter that lets all rows through
	red                     // Không hợp lệ
	broken                  // could not be checked
	locked                  // a password is wanted
	grey                    // Chưa đủ dữ liệu
	yellow                  // Cần xem
	green                   // Hợp lệ
	busy
	idle // waits, or was stopped
)

var lights = map[report.Result]light{
	report.Valid: green, report.Attention: yellow, report.Undecided: grey, report.Invalid: red,
}

func (r *row) light() light {
	switch r.state {
	case checking:
		return busy
	case waiting, stopped:
		return idle
	case failed:
		return broken
	}
	if r.locked() {
		return locked
	}
	l, known := lights[r.found.Document.Result]
	if !known {
		return grey
	}
	return l
}

// locked tells that the document could not be read without a password.
func (r *row) locked() bool {
	return r.state == done && slices.ContainsFunc(r.found.Document.Reasons, func(why report.Reason) bool { return why.Code == "integrity.password" })
}

// lacking tells that data may still come from the network.
func (r *row) lacking() bool { return r.light() == grey && !r.request.Online && r.found.Report != nil }

// changed tells that something was done to the document after a signature.
func (r *row) changed() bool {
	if r == nil || r.state != done || r.found.Report == nil {
		return false
	}
	for i := range r.found.Report.Signatures {
		if s := &r.found.Report.Signatures[i]; len(s.Changes) > 0 && s.End > 0 {
			return true
		}
	}
	return false
}

// tampered tells that something forbidden was done after a signature.
func (r *row) tampered() bool {
	for i := range r.found.Report.Signatures {
		if forbidden(&r.found.Report.Signatures[i]) {
			return true
		}
	}
	return false
}

func forbidden(s *verify.Signature) bool {
	return slices.ContainsFunc(s.Changes, func(ch verify.Change) bool { return ch.Forbidden })
}

// order is how the list is sorted.
type order int

const (
	worstFirst order = iota
	byName
	asDropped
)

// rows are the documents of a sitting, and those among them that are shown.
type rows struct {
	all     []*row
	order   order
	only    light // the others are not shown
	shown   []*row
	current *row
}

// add takes documents in; those that are there already wait for another check.
func (rs *rows) add(paths []string) []*row {
	var out []*row
	for _, p := range paths {
		i := slices.IndexFunc(rs.all, func(r *row) bool { return r.path == p })
		if i < 0 {
			i = len(rs.all)
			rs.all = append(rs.all, &row{path: p, request: Request{Path: p}})
		}
		r := rs.all[i]
		r.state = waiting
		out = append(out, r)
	}
	return out
}

func (rs *rows) each(do func(*row)) {
	for _, r := range rs.all {
		do(r)
	}
}

// waiting is the next row to be checked, nil when there is none.
func (rs *rows) waiting() *row {
	if i := slices.IndexFunc(rs.all, func(r *row) bool { return r.state == waiting }); i >= 0 {
		return rs.all[i]
	}
	return nil
}

func (rs *rows) number(fits func(*row) bool) (n int) {
	for _, r := range rs.all {
		if fits(r) {
			n++
		}
	}
	return n
}

func (rs *rows) count(s state) int   { return rs.number(func(r *row) bool { return r.state == s }) }
func (rs *rows) lacking() int        { return rs.number((*row).lacking) }
func (rs *rows) left() int           { return rs.count(waiting) + rs.count(checking) }
func (rs *rows) lighted(l light) int { return rs.number(func(r *row) bool { return r.light() == l }) }

func (rs *rows) show(only light)  { rs.only = only; rs.arrange() }
func (rs *rows) sort(o order)     { rs.order = o; rs.arrange() }
func (rs *rows) index(r *row) int { return slices.Index(rs.shown, r) }
func byLight(a, b *row) int       { return cmp.Compare(a.light(), b.light()) }
func byFile(a, b *row) int {
	return strings.Compare(strings.ToLower(a.name()), strings.ToLower(b.name()))
}

// arrange brings the rows that are shown into their order.
func (rs *rows) arrange() {
	rs.shown = slices.DeleteFunc(slices.Clone(rs.all), func(r *row) bool { return rs.only != everyLight && r.light() != rs.only })
	switch rs.order {
	case worstFirst:
		slices.SortStableFunc(rs.shown, byLight)
	case byName:
		slices.SortStableFunc(rs.shown, byFile)
	}
}

// worst is the row to look at first.
func (rs *rows) worst() *row {
	if len(rs.all) == 0 {
		return nil
	}
	return slices.MinFunc(rs.all, byLight)
}
