package issue

import (
	"errors"
	"testing"
	"time"

	"antin/signer"
	"antin/signer/layout"
	"antin/signer/register"
)

// list is documents that were read, of the types that are named.
func list(types ...string) *sheet {
	s := &sheet{body: "UBND", date: time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)}
	for i, name := range types {
		r, _ := s.add(string(rune('a'+i)) + ".pdf")
		r.read, r.found = true, &layout.Found{Subject: layout.Subject{Type: name}}
		r.series = register.Series{Kind: name, Body: "UBND", Period: "2026"}
	}
	return s
}

func numbers(s *sheet) (out []string) {
	for _, r := range s.rows {
		text := "–"
		if r.number.N > 0 {
			text = r.number.String()
		}
		out = append(out, text)
	}
	return out
}

func wants(t *testing.T, s *sheet, want ...string) {
	t.Helper()
	for i, got := range numbers(s) {
		if got != want[i] {
			t.Errorf("row %d has %s, want %s", i+1, got, want[i])
		}
	}
}

func TestNumbersGoOnWithinTheirSeries(t *testing.T) {
	s := list("Quyết định", "Thông báo", "Quyết định", "")
	first := map[register.Series]int{s.rows[0].series: 121, s.rows[1].series: 7, s.rows[3].series: 40}
	s.number(first)
	wants(t, s, "121/QĐ-UBND", "07/TB-UBND", "122/QĐ-UBND", "40/UBND")

	// A number that the clerk types moves those after it in its series.
	if err := s.setNumber(s.rows[0], "130"); err != nil {
		t.Fatal(err)
	}
	s.number(first)
	wants(t, s, "130/QĐ-UBND", "07/TB-UBND", "131/QĐ-UBND", "40/UBND")

	// Empty gives the choice back; a skipped row takes no number.
	if err := s.setNumber(s.rows[0], ""); err != nil {
		t.Fatal(err)
	}
	s.rows[0].state = signer.RowSkipped
	s.number(first)
	wants(t, s, "–", "07/TB-UBND", "121/QĐ-UBND", "40/UBND")
}

func TestNumberAsItIsTyped(t *testing.T) {
	for typed, want := range map[string]string{
		"9": "09/QĐ-UBND", "12a": "12a/QĐ-UBND", "121/QĐ-UBND": "121/QĐ-UBND", "Số: 5/TB-HĐND": "05/TB-HĐND",
	} {
		s := list("Quyết định")
		if err := s.setNumber(s.rows[0], typed); err != nil || s.rows[0].number.String() != want {
			t.Errorf("%q: %s %v, want %s", typed, s.rows[0].number, err, want)
		}
	}
	s := list("Quyết định")
	for _, wrong := range []string{"mười", "0", "-3", "12//"} {
		if err := s.setNumber(s.rows[0], wrong); !errors.Is(err, register.ErrNumber) {
			t.Errorf("%q: %v, want ErrNumber", wrong, err)
		}
	}
}

// What the page prints behind the gap counts before anything else.
func TestPrintedSymbol(t *testing.T) {
	s := list("Quyết định")
	s.rows[0].found.Number = layout.Number{State: layout.Gap, Text: "/QĐ-HĐND"}
	s.number(map[register.Series]int{s.rows[0].series: 3})
	wants(t, s, "03/QĐ-HĐND")
}

// Without the office's symbol there is no number, and nothing is ready.
func TestNoSymbolNoNumber(t *testing.T) {
	s := list("Quyết định")
	s.body = ""
	s.number(map[register.Series]int{})
	wants(t, s, "–")
	if len(s.ready()) != 0 {
		t.Error("a document without a number is ready")
	}
}

// Of several documents only those are stamped that the clerk has agreed to; a
// single one is under his eyes.
func TestReady(t *testing.T) {
	s := list("Quyết định", "Quyết định")
	for _, r := range s.rows {
		r.planned, r.number = true, register.Number{N: 1, Type: "QĐ", Body: "UBND"}
	}
	if n := len(s.ready()); n != 0 {
		t.Errorf("%d are ready before anybody has looked", n)
	}
	s.rows[1].agreed = true
	if got := s.ready(); len(got) != 1 || got[0] != s.rows[1] {
		t.Errorf("ready: %v", got)
	}
	if next := s.waiting(s.rows[1]); next != s.rows[0] {
		t.Errorf("next to look at: %v", next)
	}
	s.rows[0].refusal = signer.ErrNoLeaderSignature
	if next := s.waiting(s.rows[1]); next != nil {
		t.Errorf("a refused row waits to be agreed to: %v", next)
	}
	one := list("Quyết định")
	one.rows[0].planned, one.rows[0].number = true, register.Number{N: 1, Body: "UBND"}
	if len(one.ready()) != 1 {
		t.Error("a single document has to be agreed to")
	}
}
