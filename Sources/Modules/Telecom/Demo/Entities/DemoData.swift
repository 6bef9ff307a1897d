/// The subscriptions and queues of the demo data.
enum DemoData {}
