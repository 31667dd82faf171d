package send

import "testing"

func TestLastFluxIsOfTheLastDayOrTheLastResend(t *testing.T) {
	for _, tc := range []struct{ first, last PJRef }{
		{PJRef{day: "2026-05-28", NomFic: "b.xml"}, PJRef{day: "2026-05-29", NomFic: "a.xml"}},
		{PJRef{day: "2026-05-28", NomFic: "PESPJ_0001.xml"}, PJRef{day: "2026-05-28", NomFic: "PESPJ__R01.xml"}},
		{PJRef{day: "2026-05-28", NomFic: "PESPJ__R02.xml"}, PJRef{day: "2026-05-28", NomFic: "PESPJ__R10.xml"}},
	} {
		if !tc.last.after(&tc.first) || tc.first.after(&tc.last) {
			t.Errorf("%+v does not follow %+v", tc.last, tc.first)
		}
	}
}
