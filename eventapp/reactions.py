"""The one visible table from event to what follows it."""

from __future__ import annotations

from eventapp.accounts import events as account_events
from eventapp.accounts import reactions as accounts
from eventapp.audience_reactions import events as audience_reaction_events
from eventapp.core.events import ReactionTable
from eventapp.form_fields import events as form_field_events
from eventapp.live import events as live_events
from eventapp.live import reactions as live
from eventapp.messages import events as message_events
from eventapp.messages import reactions as messages
from eventapp.polls import events as poll_events
from eventapp.questions import events as question_events
from eventapp.registrations import events as registration_events
from eventapp.registrations import reactions as registrations
from eventapp.replays import events as replay_events
from eventapp.replays import reactions as replays
from eventapp.search import reactions as search
from eventapp.webinars import events as webinar_events

TABLE = ReactionTable(
    effects={
        webinar_events.WebinarCapacityChanged: (registrations.fill_new_seats,),
        webinar_events.WebinarRescheduled: (registrations.move_offers, messages.withhold_reminders),
        webinar_events.WebinarCancelled: (messages.withhold_reminders, live.log_end),
        webinar_events.WebinarModerationChanged: (live.log_moderation,),
        webinar_events.WebinarWentLive: (live.log_start,),
        webinar_events.WebinarEnded: (live.log_end, replays.take_agenda_from_log),
        question_events.QuestionAsked: (live.log_asked,),
        question_events.QuestionChanged: (live.log_changed,),
        question_events.QuestionWithdrawn: (live.log_withdrawn,),
        question_events.FollowUpWritten: (live.log_follow_up,),
        question_events.AskerErased: (live.log_erased, replays.refresh_replay),
        question_events.AnswerWritten: (replays.refresh_replay,),
        question_events.AnswerChanged: (replays.refresh_replay,),
        question_events.ReplyPublished: (replays.refresh_replay,),
        question_events.ReplyDismissed: (replays.refresh_replay,),
        question_events.QuestionApproved: (replays.refresh_replay,),
        question_events.QuestionPutOnAir: (replays.refresh_replay,),
        question_events.QuestionAnswered: (replays.refresh_replay,),
        question_events.QuestionDismissed: (replays.refresh_replay,),
        question_events.QuestionRestored: (replays.refresh_replay,),
        question_events.QuestionMarked: (replays.refresh_replay,),
        question_events.QuestionMerged: (replays.refresh_replay,),
    },
    reactions={
        account_events.PasswordForgotten: (accounts.send_reset_link,),
        webinar_events.WebinarPublished: (registrations.start_code_mailing,),
        webinar_events.WebinarRescheduled: (registrations.start_reschedule_mailing,),
        webinar_events.WebinarCancelled: (registrations.start_cancel_mailing,),
        webinar_events.WebinarEnded: (replays.start_answer_mailing,),
        webinar_events.ReplayPublished: (registrations.start_replay_mailing,),
        replay_events.EditionPublished: (replays.start_asker_mailing, search.index_replay),
        replay_events.ReplayTextChanged: (search.index_replay,),
        registration_events.AttendeeRegistered: (registrations.send_confirmation,),
        registration_events.AttendeeAskedAgain: (registrations.send_link_again,),
        registration_events.AttendeePromoted: (registrations.send_promotion,),
        registration_events.SeatOffered: (registrations.send_offer,),
        registration_events.AttendeeApproved: (registrations.send_confirmation,),
        registration_events.AttendeeDeclined: (registrations.send_decline,),
        registration_events.RegistrationCancelled: (registrations.send_cancellation,),
        registration_events.MailingAdvanced: (registrations.continue_mailing,),
        message_events.ReminderAdvanced: (messages.continue_reminder,),
        message_events.BroadcastAdvanced: (messages.continue_broadcast,),
        registration_events.PersonalCodeMade: (registrations.send_access_code,),
        registration_events.CodeMailingAdvanced: (registrations.continue_code_mailing,),
        registration_events.BatchAdvanced: (registrations.continue_batch,),
        replay_events.AskerMailingAdvanced: (replays.continue_asker_mailing,),
        replay_events.AnswerMailingAdvanced: (replays.continue_answer_mailing,),
        question_events.AnswerWritten: (replays.send_answer,),
        question_events.ReplyPublished: (replays.send_answer,),
    },
    pushes={
        question_events.QuestionAsked: (live.push_question,),
        question_events.QuestionApproved: (live.push_question,),
        question_events.QuestionPutOnAir: (live.push_question,),
        question_events.QuestionAnswered: (live.push_question,),
        question_events.AskerErased: (live.push_question,),
        question_events.QuestionDismissed: (live.push_hidden_question,),
        question_events.QuestionRestored: (live.push_hidden_question,),
        question_events.QuestionMarked: (live.push_question,),
        question_events.QuestionMerged: (live.push_merged_question,),
        question_events.AskerSilenced: (live.push_asker,),
        question_events.AskerHeard: (live.push_asker,),
        question_events.RoomChanged: (live.push_room,),
        question_events.QuestionChanged: (live.push_hidden_question,),
        question_events.QuestionWithdrawn: (live.push_hidden_question,),
        question_events.AnswerWritten: (live.push_question,),
        question_events.AnswerChanged: (live.push_question,),
        question_events.FollowUpWritten: (live.push_question,),
        question_events.ReplyPublished: (live.push_question,),
        question_events.ReplyDismissed: (live.push_question,),
        question_events.VoteCounted: (live.push_votes,),
        poll_events.PollWritten: (live.push_poll,),
        poll_events.PollOpened: (live.push_poll,),
        poll_events.PollClosed: (live.push_poll,),
        poll_events.PollChanged: (live.push_poll,),
        poll_events.PollDeleted: (live.push_deleted_poll,),
        poll_events.PollVoteCounted: (live.push_poll_votes,),
        audience_reaction_events.ReactionsCounted: (live.push_reactions,),
        live_events.ActLogged: (live.push_run,),
        live_events.ActUndone: (live.push_agenda,),
        live_events.AgendaItemStarted: (live.push_agenda,),
        live_events.StageMoved: (live.push_moved_stage,),
        webinar_events.WebinarWentLive: (live.push_step,),
        webinar_events.WebinarEnded: (live.push_step,),
        webinar_events.WebinarCancelled: (live.push_step,),
        webinar_events.ReplayPublished: (live.push_step,),
    },
    silent=frozenset(
        {
            webinar_events.WebinarAgendaChanged,
            webinar_events.WebinarArchived,
            form_field_events.FormChanged,
            registration_events.RegistrationChanged,
            registration_events.PolicyChanged,
            message_events.MailSentAgain,
            live_events.RecordingStarted,
            live_events.RecordingStopped,
        }
    ),
)
