module paye/bench

go 1.26.0

require paye v0.0.0

replace paye => ../
