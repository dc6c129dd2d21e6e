from django.contrib.auth import views as auth
from django.urls import path

from organization import receipts, views

urlpatterns = [
    path("login/", views.Login.as_view(), name="login"),
    path("logout/", auth.LogoutView.as_view(), name="logout"),
    path("password/", auth.PasswordChangeView.as_view(), name="password_change"),
    path("password/done/", auth.PasswordChangeDoneView.as_view(), name="password_change_done"),
    path("inbox/", views.inbox, name="inbox"),
    path("inbox/read/", views.read_all, name="inbox_read"),
    path("inbox/<int:pk>/", views.open_notice, name="notice"),
    path("me/", views.me, name="me"),
    path("gateway/receipts/", receipts.receipt, name="receipt"),
]
