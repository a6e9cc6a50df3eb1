package gui

import (
	"antin/app/words"
	"antin/assets"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"
)

// speak gives Fyne's own widgets the language of the window. Fyne follows the
// system and has no Vietnamese, so the texts are registered as those of the
// system's language, whichever it is, before the first widget is made.
func speak(l words.Language) error {
	system := fyne.Locale(lang.SystemLocale().LanguageString())
	return lang.AddTranslationsForLocale(assets.Toolkit(string(l)), system)
}
