/// The orders, wallets and entries of the demo data.
enum DemoData {}
