package frame

import "fmt"

// Monitor is a screen as the system tells of it.
type Monitor struct {
	Name          string
	Width, Height int     // pixels
	MMW, MMH      float64 // its size; zero when the system knows none
}

// String is the name by which what was measured on it is kept.
func (m Monitor) String() string { return fmt.Sprintf("%s %d×%d", m.Name, m.Width, m.Height) }
