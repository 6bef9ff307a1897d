extension MailSink {
  /// The sink. Arguments: port, directory of the messages, file that orders faults.
  ///
  /// A message is written aside and renamed, so that a reader sees whole messages only. Names sort
  /// by time of arrival. The fault file holds `WHAT COUNT` and is counted down with each message.
  static let program = #"""
    import asyncio
    import os
    import signal
    import sys
    import time

    from aiosmtpd.smtp import SMTP

    port, directory, faults = int(sys.argv[1]), sys.argv[2], sys.argv[3]
    number = 0


    def next_fault():
        try:
            with open(faults) as file:
                what, count = file.read().split()
        except (OSError, ValueError):
            return None
        if int(count) <= 0:
            return None
        with open(faults + ".tmp", "w") as file:
            file.write(f"{what} {int(count) - 1}\n")
        os.replace(faults + ".tmp", faults)
        return what


    def keep(envelope):
        global number
        number += 1
        name = f"{time.time_ns():020d}-{number:06d}.eml"
        draft = os.path.join(directory, "." + name)
        with open(draft, "wb") as file:
            file.write(f"X-Envelope-From: {envelope.mail_from}\r\n".encode())
            for recipient in envelope.rcpt_tos:
                file.write(f"X-Envelope-To: {recipient}\r\n".encode())
            file.write(envelope.original_content)
        os.rename(draft, os.path.join(directory, name))


    class Sink:
        async def handle_DATA(self, server, session, envelope):
            fault = next_fault()
            if fault == "refuse":
                return "451 4.3.0 Try again later"
            if fault == "reject":
                return "554 5.7.1 Not wanted here"
            keep(envelope)
            if fault == "drop":
                server.transport.abort()
                await asyncio.sleep(0)
            return "250 2.0.0 Kept"


    async def main():
        loop = asyncio.get_running_loop()
        done = asyncio.Event()
        loop.add_signal_handler(signal.SIGTERM, done.set)
        server = await loop.create_server(
            lambda: SMTP(Sink(), hostname="localhost", enable_SMTPUTF8=True, loop=loop), "127.0.0.1", port)
        async with server:
            await done.wait()


    asyncio.run(main())
    """#
}
