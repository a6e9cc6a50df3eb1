package cli

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"antin/signer"

	"golang.org/x/term"
)

// progress is one line on the terminal that tells what takes its time. It
// appears when a piece of work takes longer than half a second, and goes away
// at its end.
type progress struct {
	text func(stage signer.Stage, done, total int64) string

	mu          sync.Mutex
	w           io.Writer // nil: no terminal
	since       time.Time
	stage       signer.Stage
	done, total int64
	shown       bool
	held        bool // somebody types a PIN
	end         chan struct{}
}

// patience is how long nothing is said.
const patience = 500 * time.Millisecond

// begin starts the line for one document; end takes it away.
func (c *command) begin(document string) *progress {
	p := &progress{since: time.Now(), end: make(chan struct{})}
	f, ok := c.Stderr.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return p
	}
	p.w = f
	stages := map[signer.Stage]string{
		signer.Reading: "stage.reading", signer.Writing: "stage.writing", signer.AskingKey: "stage.asking-key",
		signer.Verifying: "stage.verifying", signer.Saving: "stage.saving",
		signer.Checking: "stage.checking", signer.ReadingText: "stage.reading-text", signer.AskingTSA: "stage.asking-tsa",
	}
	p.text = func(stage signer.Stage, done, total int64) string {
		s := document + ": " + c.words.Text(stages[stage])
		switch {
		case stage == signer.Checking || stage == signer.ReadingText:
			s += fmt.Sprintf(" %d / %d", done, total)
		case total > 0 && done < total:
			s += fmt.Sprintf(" %s / %s MB", c.words.Number(float64(done)/1e6), c.words.Number(float64(total)/1e6))
		}
		return s
	}
	go p.watch()
	return p
}

func (p *progress) watch() {
	tick := time.NewTicker(patience / 4)
	defer tick.Stop()
	for {
		select {
		case <-p.end:
			return
		case <-tick.C:
			p.mu.Lock()
			if !p.held && time.Since(p.since) > patience {
				fmt.Fprintf(p.w, "\r\x1b[K%s", p.text(p.stage, p.done, p.total))
				p.shown = true
			}
			p.mu.Unlock()
		}
	}
}

// report is a signer.Progress.
func (p *progress) report(stage signer.Stage, done, total int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.stage, p.done, p.total = stage, done, total
}

// hold clears the line while f uses the terminal.
func (p *progress) hold(f func()) {
	p.mu.Lock()
	p.clear()
	p.held = true
	p.mu.Unlock()
	f()
	p.mu.Lock()
	p.held, p.since = false, time.Now()
	p.mu.Unlock()
}

func (p *progress) finish() {
	p.mu.Lock()
	defer p.mu.Unlock()
	close(p.end)
	p.held = true
	p.clear()
}

func (p *progress) clear() {
	if p.shown {
		fmt.Fprint(p.w, "\r\x1b[K")
		p.shown = false
	}
}
