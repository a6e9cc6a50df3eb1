package frame

import "fyne.io/fyne/v2"

// Press does the first action that has this key without a modifier and can be
// done now, and tells whether there was one.
func Press(actions []Action, e *fyne.KeyEvent) bool {
	for _, a := range actions {
		if a.Key == e.Name && a.Modifier == 0 && (a.Enabled == nil || a.Enabled()) {
			a.Do()
			return true
		}
	}
	return false
}
