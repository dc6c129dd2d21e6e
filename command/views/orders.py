"""Orders: the list, its Excel file, one order's page, and its print."""

from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from command import saved_views
from command.batch import batch_bar
from command.excel import MOST, write_orders
from command.offices import offices_of
from command.order_board import board
from command.order_columns import Column, cells, chosen_columns, column_choices, remember
from command.order_list import NAMED, OrderList
from command.papers.around import look_around, near_rows, same_rows
from command.papers.order_page import may_take, order_page
from command.papers.place import map_key, map_panel
from command.papers.read import order_for
from command.papers.rows import narrowed, trace_filters
from command.scope import scope_menu
from organization.authority import units_where
from organization.duty import Duty
from organization.models import User
from whistle.models import WorkOrder


@login_required
def work_orders(request: HttpRequest) -> HttpResponse:
    """The orders that the reader may see, narrowed by the address."""
    user = cast(User, request.user)
    if not request.GET and (view := saved_views.opening(user, "work_orders")):
        return redirect(view.url)
    found = OrderList(user, request.GET, timezone.now())
    columns = chosen_columns(request)
    counts = found.counts()
    bar = batch_bar(WorkOrder.flow, user, request.get_full_path(), found.values("status"))
    context = table(found, columns, pick=bar is not None)
    context |= {"counts": counts, "list": found, "batch": bar}
    if request.GET.get("part") == "rows":
        return render(request, "command/order_rows.html", context)
    context |= head(found, columns) | {"shortcuts": found.shortcuts(counts)}
    context |= saved_views.menu(user, "work_orders", found)
    context["scope"] = scope_menu(user, found.form.cleaned_data["street"], found.query)
    response = render(request, "command/order_list.html", context)
    remember(request, response, columns)
    return response


def table(found: OrderList, columns: list[Column], *, pick: bool) -> dict[str, Any]:
    """Heads, rows that can be chosen or not, and the way to the pages before and after."""
    shown = found.page(*(column.key for column in columns if column.key in NAMED))
    return {
        "heads": [head_of(found, column) for column in columns],
        "rows": [(order.pk, cells(order, columns, found.now, pick=pick)) for order in shown.rows],
        "pick": pick,
        "pages": {
            "newer_url": found.url(cursor=shown.previous) if shown.previous else "",
            "older_url": found.url(cursor=shown.next) if shown.next else "",
            "sizes": found.sizes(),
        },
        "shown": len(shown.rows),
        "rows_url": found.url(part="rows", cursor=found.query.get("cursor") or None),
    }


def head_of(found: OrderList, column: Column) -> dict[str, Any]:
    direction = {"created": "desc", "due": "asc"}
    return {
        "label": column.label,
        "css": column.css,
        "right": False,
        "url": found.url(sort=column.sort) if column.sort else "",
        "dir": direction[column.sort] if column.sort == found.sort else "",
    }


def head(found: OrderList, columns: list[Column]) -> dict[str, Any]:
    """What stands above the table: chips, menus, columns, export."""
    export = reverse("work_orders_excel") + found.url()
    note = _("%(n)s rows at most") % {"n": MOST}
    return {
        "chips": found.chips(),
        "menus": found.menus(),
        "dates": found.dates(),
        "columns": column_choices(columns),
        "keep": found.keep("col", "cursor"),
        "exports": [{"label": "Excel", "url": export, "note": note}],
        "report_url": report_url(found.user),
        "board_url": reverse("work_orders_board") + found.url(),
        "most": found.size,
    }


def report_url(user: User) -> str:
    """Where this person reports a problem: at the desk, on the phone, or nowhere."""
    if takes_in(user):
        return reverse("intake")
    return reverse("phone_report") if units_where(user, Duty.REPORT) else ""


def takes_in(user: User) -> bool:
    return offices_of(user).any_of(frozenset({"intake"}))


@login_required
def work_orders_board(request: HttpRequest) -> HttpResponse:
    """The open orders in columns by stage, narrowed by the address as the list is."""
    user = cast(User, request.user)
    found = OrderList(user, request.GET, timezone.now())
    stages = board(found)
    context = {
        "stages": stages,
        "list": found,
        "chips": found.chips(),
        "total": sum(stage.total for stage in stages),
        "late": sum(stage.late for stage in stages),
        "list_url": reverse("work_orders") + found.url(),
        "scope": scope_menu(user, found.form.cleaned_data["street"], found.query),
    }
    return render(request, "command/order_board.html", context)


@login_required
def work_orders_excel(request: HttpRequest) -> FileResponse:
    """The whole narrowed list as a file, people masked."""
    now = timezone.now()
    found = OrderList(cast(User, request.user), request.GET, now)
    name = f"orders-{timezone.localtime(now):%Y%m%d-%H%M}.xlsx"
    file = write_orders(found.orders.select_related(*NAMED))
    return FileResponse(file, as_attachment=True, filename=name)


@login_required
def work_order(request: HttpRequest, number: str) -> HttpResponse:
    """One order on a page of its own."""
    user, now = cast(User, request.user), timezone.now()
    order = order_for(user, number)
    url = order.get_absolute_url()
    shown = order_page(order, user, now, url)
    around = look_around(order, user)
    merges = may_take(shown["actions"], "merge") is not None
    wanted = request.GET.get("trace", "")
    shown |= {
        "receipts": order.reporter_id == user.pk and takes_in(user),
        "filters": trace_filters(shown["events"], wanted),
        "events": narrowed(shown["events"], wanted),
        "map": map_panel(around, now),
        "key": map_key(around),
        "same": same_rows(around, url if merges else ""),
        "near": near_rows(around, now),
    }
    return render(request, "command/order.html", shown)


@login_required
def work_order_print(request: HttpRequest, number: str) -> HttpResponse:
    """The order as it is handed to whoever settles it (交办单)."""
    user, now = cast(User, request.user), timezone.now()
    order = order_for(user, number)
    context = order_page(order, user, now, order.get_absolute_url()) | {"now": now}
    return render(request, "command/order_print.html", context)
