package words

import "golang.org/x/sys/windows"

// systemLanguage is the first language that the user chose for Windows itself.
func systemLanguage() string {
	languages, err := windows.GetUserPreferredUILanguages(windows.MUI_LANGUAGE_NAME)
	if err != nil || len(languages) == 0 {
		return ""
	}
	return languages[0]
}
