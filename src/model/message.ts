/**
 * Messages: the one neutral text that every notifier renders within its channel's limits.
 *
 * Plain text and data only; nothing in it is markup, and every string may come from a stranger. A notifier needs to know no
 * language: whatever is to be said stands in `title`, `body`, `lines` and `bundle`, ready to be shown.
 */
import type { Impact, PublicStatus } from './status.ts';
import type { Urgency } from './user.ts';

/**
 * Why a message is sent. A page asks for an acknowledgement; what follows `handoff` here asks for nothing. An `update` says
 * anew what an earlier message said; a `mirror` keeps the incident of another platform in step; an `announcement` tells
 * subscribers of an update.
 */
export type MessagePurpose =
  | 'step'
  | 'fallback'
  | 'reminder'
  | 'responder'
  | 'handoff'
  | 'notice'
  | 'summary'
  | 'verification'
  | 'canary'
  | 'emergency'
  | 'update'
  | 'mirror'
  | 'announcement';

/** How far an incident is, in the words of the platforms that it is mirrored to: whether somebody is asked, or need not be. */
export type MessageStatus = 'triggered' | 'acknowledged' | 'resolved';

/** What can be answered to a message. */
export type MessageAction = {
  readonly id: 'acknowledge' | 'escalate' | 'snooze' | 'accept' | 'decline';
  readonly label: string;
  /** The digit that means it in a text message or on the phone. */
  readonly key?: string | undefined;
  /** The signed token behind `url`, for channels whose buttons carry a value. Whoever holds it may answer. */
  readonly token?: string | undefined;
  /** A signed link that shows the action and performs it on confirmation, when the host has set one up. */
  readonly url?: string | undefined;
};

/** A web address, and how to call it. */
export type MessageLink = { readonly href: string; readonly text?: string | undefined };

/** One of several pages that went into one message, as it is kept. */
export type BundleItem = {
  /** The delivery that did not go out by itself. */
  readonly deliveryId: string;
  /** Why it was to be sent. Default: for the reason of the message that it went into. */
  readonly purpose?: MessagePurpose | undefined;
  readonly incidentId?: string | undefined;
  readonly title: string;
  /** That it is no real incident. */
  readonly kind?: 'test' | 'drill' | undefined;
  readonly severity?: string | undefined;
  readonly urgency: Urgency;
  readonly service?: { readonly id: string; readonly name: string } | undefined;
  /** Epoch ms at which the incident was opened. */
  readonly since?: number | undefined;
};

/** One of several pages that went into one message, as it is shown. */
export type BundledMessage = BundleItem & {
  /** How bad, where and how old, in one ready sentence. */
  readonly line?: string | undefined;
  readonly actions?: readonly MessageAction[] | undefined;
};

/** One text that the public is told of an incident. */
export type PublicUpdate = {
  /** A whole number in digits; later ones have greater ones. */
  readonly id: string;
  /** Epoch ms at which it was posted. */
  readonly at: number;
  readonly status: PublicStatus;
  readonly text: string;
};

/** All that the public may know of an incident. */
export type PublicFacts = {
  /** What the public calls it. Absent when it became private: then it is called what it was called, and nothing is made anew. */
  readonly title?: string | undefined;
  readonly status: PublicStatus;
  /** What it does to components that were named, by their ids. */
  readonly components: Readonly<Record<string, Impact>>;
  /** In order, the oldest first. */
  readonly updates: readonly PublicUpdate[];
};

/** One message to one address. What belongs to an incident is absent when the message is about none, or about several. */
export type Message = {
  readonly tenant: string;
  readonly incidentId?: string | undefined;
  readonly deliveryId: string;
  readonly purpose: MessagePurpose;
  /**
   * What kind of news it is: of a notice such as `monitoring`, `acknowledged`, `resolved` or `shift`; of a mirror what has
   * happened, such as `opened`, `acknowledged`, `severity`, `note` or `update`.
   */
  readonly topic?: string | undefined;
  /** That the incident is no real one; its title says so as well. */
  readonly kind?: 'test' | 'drill' | undefined;
  /** How far the incident is at this moment, when the message is about one. */
  readonly status?: MessageStatus | undefined;
  /** Four digits by which a text message that answers names this one, when several are open: `1 4711`. */
  readonly replyCode?: string | undefined;
  /** The language of its texts, as a BCP 47 tag. */
  readonly locale: string;
  readonly to: {
    readonly user?: string | undefined;
    readonly name?: string | undefined;
    readonly contact: string;
    readonly address: string;
  };
  /** One line: what is broken, or what there is to know. */
  readonly title: string;
  readonly body?: string | undefined;
  /** Ready sentences, most important first: why it comes, how bad and where, how old, who else was asked. */
  readonly lines: readonly string[];
  readonly severity?: string | undefined;
  readonly urgency: Urgency;
  readonly service?: { readonly id: string; readonly name: string } | undefined;
  /** Epoch ms at which the incident was opened. */
  readonly since?: number | undefined;
  /** Epoch ms at which this message was decided; a late message shows its age. */
  readonly requestedAt: number;
  /** Epoch ms at which this attempt is made. */
  readonly sentAt: number;
  /** The step of the ladder, from 1, and the round, from 1. */
  readonly step?: number | undefined;
  readonly loop?: number | undefined;
  readonly alertCount: number;
  /** The people this page asked, and whoever has acknowledged, by their ids. */
  readonly people: { readonly asked: readonly string[]; readonly acknowledgedBy: readonly string[] };
  readonly links: readonly MessageLink[];
  /** Of an announcement: where its reader ends such messages with one POST, without being asked anything. */
  readonly unsubscribe?: string | undefined;
  readonly actions: readonly MessageAction[];
  /** Everything that was bundled into it, high urgency first. */
  readonly bundle?: readonly BundledMessage[] | undefined;
  /** Of a mirror that the public reads: what it may show. All else in such a message holds nothing of the incident. */
  readonly publicFacts?: PublicFacts | undefined;
  /** How to say that a list goes on: `{n}` in it stands for how many are left out. */
  readonly moreText: string;
};
