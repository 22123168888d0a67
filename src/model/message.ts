/**
 * Messages: the one neutral text that every notifier renders within its channel's limits.
 *
 * Plain text and data only; nothing in it is markup, and every string may come from a stranger.
 */

/** Why a message is sent. A page asks for an acknowledgement; a notice asks for nothing. */
export type MessagePurpose = 'step' | 'fallback' | 'reminder' | 'responder' | 'handoff' | 'notice';

/** What can be answered to a message. */
export type MessageAction = {
  readonly id: 'acknowledge' | 'escalate' | 'snooze' | 'accept' | 'decline';
  readonly label: string;
  /** A signed link that shows the action and performs it on confirmation, when the host has set one up. */
  readonly url?: string | undefined;
};

/** One message to one address. */
export type Message = {
  readonly tenant: string;
  readonly incidentId: string;
  readonly deliveryId: string;
  readonly purpose: MessagePurpose;
  readonly to: {
    readonly user?: string | undefined;
    readonly name?: string | undefined;
    readonly contact: string;
    readonly address: string;
  };
  /** One line: what is broken. */
  readonly title: string;
  readonly body?: string | undefined;
  readonly severity: string;
  readonly urgency: 'high' | 'low';
  readonly service: { readonly id: string; readonly name: string };
  /** Epoch ms at which the incident was opened. */
  readonly since: number;
  /** Epoch ms at which this message was decided; a late message shows its age. */
  readonly requestedAt: number;
  /** Epoch ms at which this attempt is made. */
  readonly sentAt: number;
  /** The step of the ladder, from 1, and the round, from 1. */
  readonly step: number;
  readonly loop: number;
  readonly alertCount: number;
  /** The people this page asked, and whoever has acknowledged. */
  readonly people: { readonly asked: readonly string[]; readonly acknowledgedBy: readonly string[] };
  readonly links: readonly { readonly href: string; readonly text?: string | undefined }[];
  readonly actions: readonly MessageAction[];
};
