/// What merges have billed and the hours don't have yet.
enum UsageLedger {}
