/// The messages that hooks have handled.
enum Inbox {}
