/// The customers of the demo data.
enum DemoData {}
