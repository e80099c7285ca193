/// How threads outside the loop reach it: the wakeup queue, interrupts, mailboxes, and how the loop
/// sleeps.
///
/// [dev.tasko.wakeup.Interrupt], [dev.tasko.wakeup.Mailbox] and [dev.tasko.wakeup.LongMailbox] are
/// for users; the rest is for the loop. Nothing here runs a task.
@NullMarked
package dev.tasko.wakeup;

import org.jspecify.annotations.NullMarked;
