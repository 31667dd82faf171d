module paye/bench

go 1.26.0

require (
	github.com/beevik/etree v1.8.1
	golang.org/x/text v0.43.0
	paye v0.0.0
)

require golang.org/x/sync v0.24.0 // indirect

replace paye => ../
